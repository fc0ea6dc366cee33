/** The target that joins SIMD and OpenCL in one jar. */
@NullMarked
package dev.sardonyx.codegen.both;

import org.jspecify.annotations.NullMarked;
