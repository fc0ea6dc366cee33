/**
 * The executor: {@link dev.sardonyx.runtime.kernels.Step}s over float arrays, and the threads that share them. What must be
 * generated to be fast, the matrix tiles of convolutions, is behind {@link dev.sardonyx.runtime.kernels.MatrixTiles}; the rest
 * is ordinary Java, with the Vector API where the JVM does not vectorise by itself.
 */
@NullMarked
package dev.sardonyx.runtime.kernels;

import org.jspecify.annotations.NullMarked;
