package dev.sardonyx.compiler.onnx;

import java.util.Map;

/**
 * How a model is imported.
 *
 * @param dims values for dimensions that the file leaves open, by the file's name for them; an open dimension without a name goes
 *     by {@code INPUT[AXIS]}
 * @param memoryBudgetBytes upper bound for what the file, its constants and its activations may need, in bytes
 */
public record ImportOptions(Map<String, Integer> dims, long memoryBudgetBytes) {

    public ImportOptions {
        dims = Map.copyOf(dims);
    }

    /** No dimensions bound; three quarters of the heap. */
    public static ImportOptions defaults() {
        return withDims(Map.of());
    }

    /** The given dimensions; three quarters of the heap. */
    public static ImportOptions withDims(Map<String, Integer> dims) {
        return new ImportOptions(dims, Runtime.getRuntime().maxMemory() / 4 * 3);
    }
}
