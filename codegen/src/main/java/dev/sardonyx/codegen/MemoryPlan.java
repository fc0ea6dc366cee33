package dev.sardonyx.codegen;

/**
 * The memory that a session takes for the tensors between kernels, on the widest vectors. Inputs and outputs are not part of it.
 *
 * @param tensors how many tensors live there
 * @param buffers how many arrays they share, since not all are alive at once
 * @param bytes the size of these arrays
 * @param scratch bytes that it takes besides at most, where the device decides, for what kernels need while they run
 */
public record MemoryPlan(int tensors, int buffers, long bytes, long scratch) {}
