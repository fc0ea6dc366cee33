/** The oracle: a plain interpreter of the compiler's graphs, slow and obvious, as ONNX's operator specification reads. */
@NullMarked
package dev.sardonyx.compiler.interpreter;

import org.jspecify.annotations.NullMarked;
