/** Measures compiled models beside one another, and beside other engines. */
@NullMarked
package dev.sardonyx.compiler.bench;

import org.jspecify.annotations.NullMarked;
