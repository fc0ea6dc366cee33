package dev.sardonyx.runtime.kernels;

/**
 * What a step is, for people.
 *
 * @param name what it computes and the ONNX nodes that it covers
 * @param algorithm how
 * @param multiplyAccumulates operations of one run
 * @param bytes bytes of tensors and weights that one run reads and writes
 */
public record StepInfo(String name, String algorithm, long multiplyAccumulates, long bytes) {}
