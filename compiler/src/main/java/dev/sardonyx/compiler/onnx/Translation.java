package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import dev.sardonyx.runtime.ElementType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** One node while it is being translated: its opset, attributes and inputs, and what it may add to the graph. */
final class Translation {

    private final SourceNode source;
    private final int opset;
    private final AttributeReader attributes;
    private final GraphBuilder graph;
    private final TensorReader tensors;
    private final BitSet unreadInputs = new BitSet();

    Translation(SourceNode source, int opset, GraphBuilder graph, TensorReader tensors) {
        this.source = source;
        this.opset = opset;
        this.attributes = new AttributeReader(source.proto());
        this.graph = graph;
        this.tensors = tensors;
        for (int i = 0; i < inputCount(); i++) {
            unreadInputs.set(i, has(i));
        }
    }

    int opset() {
        return opset;
    }

    AttributeReader attributes() {
        return attributes;
    }

    /** Number of outputs that have a name. */
    long namedOutputs() {
        return source.proto().getOutputList().stream()
                .filter(name -> !name.isEmpty())
                .count();
    }

    private int inputCount() {
        return source.proto().getInputCount();
    }

    /** Whether the input is given; optional ones may be left out at the end, or have an empty name. */
    boolean has(int index) {
        return index < inputCount() && !source.proto().getInput(index).isEmpty();
    }

    Value input(int index) {
        if (!has(index)) {
            throw new IllegalArgumentException("input " + index + " is missing");
        }
        unreadInputs.clear(index);
        return graph.value(source.proto().getInput(index));
    }

    /** Reads an input that means nothing to inference. */
    void ignoreInput(int index) {
        unreadInputs.clear(index);
    }

    /** Fails if there are attributes or inputs that the translator did not ask for: they could change the node's meaning. */
    void requireAllRead() {
        attributes.requireAllRead(opset);
        if (!unreadInputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "has %d inputs, which is too many at opset %d".formatted(inputCount(), opset));
        }
    }

    List<Value> inputs() {
        return IntStream.range(0, inputCount()).mapToObj(this::input).toList();
    }

    Shape shape(int index) {
        return input(index).shape();
    }

    /** Whether the input is known at compile time. */
    boolean isConstant(int index) {
        return graph.constant(input(index)).isPresent();
    }

    /** An input that must be known at compile time. */
    Tensor constant(int index, String what) {
        return graph.constant(input(index))
                .orElseThrow(() -> new UnsupportedNodeException("its " + what + " must be known at compile time"));
    }

    Optional<Tensor> optionalConstant(int index, String what) {
        return has(index) ? Optional.of(constant(index, what)) : Optional.empty();
    }

    /** A one-dimensional integer input that must be known at compile time. */
    long[] integers(int index, String what) {
        Tensor tensor = constant(index, what);
        if (tensor.shape().rank() != 1 || !(tensor instanceof Tensor.Integers integers)) {
            throw new IllegalArgumentException(
                    "its %s must be a list of integers, not %s".formatted(what, tensor.type()));
        }
        return integers.values();
    }

    /** As {@link #integers}, of an input that may be left out. */
    Optional<long[]> optionalIntegers(int index, String what) {
        return has(index) ? Optional.of(integers(index, what)) : Optional.empty();
    }

    /** The one number in an input that must be known at compile time. */
    Optional<Float> scalar(int index, String what) {
        return optionalConstant(index, what).map(tensor -> {
            if (tensor.shape().elements() != 1) {
                throw new IllegalArgumentException("its %s must be a scalar, not %s".formatted(what, tensor.type()));
            }
            return switch (tensor) {
                case Tensor.Floats floats -> floats.values()[0];
                case Tensor.Integers integers -> (float) integers.values()[0];
            };
        });
    }

    Tensor read(TensorProto tensor) {
        return tensors.read(tensor);
    }

    /** A tensor of that shape, filled with the one element of another. */
    Tensor filled(Tensor element, Shape shape) {
        TensorType type = element.type().withShape(shape);
        graph.reserve(type);
        return switch (element) {
            case Tensor.Floats floats -> {
                float[] values = new float[shape.elements()];
                Arrays.fill(values, floats.values()[0]);
                yield new Tensor.Floats(type, values);
            }
            case Tensor.Integers integers -> {
                long[] values = new long[shape.elements()];
                Arrays.fill(values, integers.values()[0]);
                yield new Tensor.Integers(type, values);
            }
        };
    }

    /** Adds an operation before the one that defines the node's output. */
    Value emit(Op op, Value... inputs) {
        return graph.define(freshName(), new Definition.Applied(op, List.of(inputs)), source.displayName());
    }

    /** Adds a constant. */
    Value emit(Tensor tensor) {
        return graph.define(freshName(), new Definition.Known(tensor), source.displayName());
    }

    /** Defines an output beside the first, if it has a name. */
    void defineOutput(int index, Tensor tensor) {
        if (index < source.proto().getOutputCount()
                && !source.proto().getOutput(index).isEmpty()) {
            graph.define(source.proto().getOutput(index), new Definition.Known(tensor), source.displayName());
        }
    }

    private String freshName() {
        return graph.freshName(source.proto().getOutput(0));
    }

    /** Fails unless the value is floating-point. */
    void requireFloatingPoint(Value value) {
        ElementType type = value.type().element();
        if (!type.isFloatingPoint()) {
            throw new UnsupportedNodeException("only floating-point is supported, not " + ElementTypes.name(type));
        }
    }
}
