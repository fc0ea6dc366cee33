/** Benchmarks of kernels and networks, run by the Maven profile {@code jmh}: see docs/performance.md. */
@NullMarked
package dev.sardonyx.tests.jmh;

import org.jspecify.annotations.NullMarked;
