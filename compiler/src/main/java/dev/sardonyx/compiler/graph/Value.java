package dev.sardonyx.compiler.graph;

/**
 * A tensor in a {@link Graph}: an input, a constant, or the result of exactly one node.
 *
 * @param name unique in the graph; the ONNX file's name where it has one
 * @param type element type and shape
 */
public record Value(String name, TensorType type) {

    public Shape shape() {
        return type.shape();
    }

    @Override
    public String toString() {
        return name + ": " + type;
    }
}
