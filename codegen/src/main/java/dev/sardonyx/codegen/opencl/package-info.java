/**
 * The OpenCL target: OpenCL C for everything but convolutions, whose kernels come with the runtime, and the Java class that
 * lists a network's steps.
 */
@NullMarked
package dev.sardonyx.codegen.opencl;

import org.jspecify.annotations.NullMarked;
