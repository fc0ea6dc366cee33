package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.Value;
import java.util.List;

/** Says in our operators what an ONNX operator computes. */
@FunctionalInterface
interface Translator {

    /**
     * What defines the node's first output.
     *
     * @throws IllegalArgumentException if the node breaks a rule of ONNX; the message is the rule
     * @throws UnsupportedNodeException if the node may be legal, but is not supported
     */
    Definition translate(Translation node);

    /** What defines a value. */
    sealed interface Definition {

        /** The result of an operation. */
        record Applied(Op op, List<Value> inputs) implements Definition {}

        /** Another value, under a second name. */
        record Same(Value value) implements Definition {}

        /** A constant. */
        record Known(Tensor tensor) implements Definition {}
    }
}
