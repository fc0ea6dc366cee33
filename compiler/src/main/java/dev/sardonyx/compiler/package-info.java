/** From an ONNX file to a program that code can be generated from. */
@NullMarked
package dev.sardonyx.compiler;

import org.jspecify.annotations.NullMarked;
