package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices. */
final class MatrixOperators {

    private MatrixOperators() {}

    /** C may be left out since opset 11. */
    static Definition gemm(Translation node) {
        AttributeReader attributes = node.attributes();
        List<Value> inputs = new ArrayList<>(List.of(node.input(0), node.input(1)));
        if (node.has(2) || node.opset() < 11) {
            inputs.add(node.input(2));
        }
        Op op = new Op.Gemm(
                attributes.real("alpha", 1f),
                attributes.real("beta", 1f),
                attributes.flag("transA", false),
                attributes.flag("transB", false));
        return new Definition.Applied(op, inputs);
    }
}
