/** {@link dev.sardonyx.codegen.program.Program}: what the compiler hands to a target, free of ONNX and of hardware. */
@NullMarked
package dev.sardonyx.codegen.program;

import org.jspecify.annotations.NullMarked;
