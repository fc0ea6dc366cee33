/** Trained networks from elsewhere: fetched from npm, converted to ONNX, cached. */
@NullMarked
package dev.sardonyx.compiler.pretrained;

import org.jspecify.annotations.NullMarked;
