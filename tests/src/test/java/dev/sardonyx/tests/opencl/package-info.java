/**
 * The OpenCL target on the devices that any Linux machine can have: PoCL, which runs kernels on the processor, and oclgrind,
 * which interprets them and reports data races and accesses out of bounds. Both run in JVMs of their own, which a wrong kernel
 * may take down.
 */
@NullMarked
package dev.sardonyx.tests.opencl;

import org.jspecify.annotations.NullMarked;
