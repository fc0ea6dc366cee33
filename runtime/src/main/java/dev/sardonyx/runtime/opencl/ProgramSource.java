package dev.sardonyx.runtime.opencl;

/**
 * A program to build: equal ones are built once.
 *
 * @param text the OpenCL C source
 * @param options what the compiler is told
 */
record ProgramSource(String text, String options) {}
