/** The compiler as a whole: runs every stage from an ONNX file to a jar. */
@NullMarked
package dev.sardonyx.compiler.driver;

import org.jspecify.annotations.NullMarked;
