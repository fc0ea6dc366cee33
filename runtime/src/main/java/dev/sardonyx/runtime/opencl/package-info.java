/** The executor of networks on OpenCL devices, by JOCL. Only the jars of models that were compiled for OpenCL carry it. */
@NullMarked
package dev.sardonyx.runtime.opencl;

import org.jspecify.annotations.NullMarked;
