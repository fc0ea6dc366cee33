/**
 * The executor: {@link dev.sardonyx.runtime.kernels.Step}s over float arrays, and the threads that share them. What must be
 * generated to be fast, the convolution tiles, is behind {@link dev.sardonyx.runtime.kernels.ConvolutionTiles}; the rest is
 * plain Java that the JVM vectorises by itself.
 */
@NullMarked
package dev.sardonyx.runtime.kernels;

import org.jspecify.annotations.NullMarked;
