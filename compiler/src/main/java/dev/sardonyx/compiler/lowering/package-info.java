/** From the compiler's graphs to the programs that targets compile. */
@NullMarked
package dev.sardonyx.compiler.lowering;

import org.jspecify.annotations.NullMarked;
