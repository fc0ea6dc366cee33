package dev.sardonyx.codegen;

/**
 * One kernel of a compiled network, for people.
 *
 * @param name what it computes and the ONNX nodes that it covers
 * @param algorithm how, on the widest vectors
 * @param multiplyAccumulates operations of one run
 * @param bytes bytes of tensors and weights that it reads and writes
 */
public record KernelReport(String name, String algorithm, long multiplyAccumulates, long bytes) {}
