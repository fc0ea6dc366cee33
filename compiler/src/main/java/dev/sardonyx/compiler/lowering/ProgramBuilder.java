package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the calls of a program, and knows which operand holds a graph's value. */
final class ProgramBuilder {

    private final Graph graph;
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Operand> values = new HashMap<>();
    private final Map<Constant, Buffer> copiedConstants = new HashMap<>();
    private final Map<Buffer, Call> reshapes = new HashMap<>();
    private List<String> origins = List.of();

    ProgramBuilder(Graph graph) {
        this.graph = graph;
    }

    /** The ONNX nodes that the calls from now on come from. */
    void setOrigins(List<String> nodes) {
        origins = nodes;
    }

    void define(Value value, Operand operand) {
        values.put(value.name(), operand);
    }

    /** What holds a value: what {@link #define} said, or the graph's constant. */
    Operand operand(Value value) {
        return values.computeIfAbsent(value.name(), _ -> new Operand.Fixed(constant(value)));
    }

    /** A constant of the graph. */
    Constant constant(Value value) {
        return switch (graph.constants().get(value.name())) {
            case Tensor.Floats floats -> new Constant(floats.shape().dims(), floats.values());
            case Tensor.Integers integers -> new Constant(integers.shape().dims(), carried(integers.values()));
            case null -> throw new IllegalStateException(value + " is no constant");
        };
    }

    /** Integers as float32 holds them. */
    private static float[] carried(long[] integers) {
        float[] values = new float[integers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = integers[i];
        }
        return values;
    }

    boolean isConstant(Value value) {
        return graph.isConstant(value);
    }

    /** Indices that the graph holds as a constant. */
    long[] indices(Value value) {
        return switch (graph.constants().get(value.name())) {
            case Tensor.Integers integers -> integers.values();
            case null, default -> throw new IllegalStateException(value + " is no integer constant");
        };
    }

    Buffer newBuffer(List<Integer> shape) {
        Buffer buffer = new Buffer(buffers.size(), shape);
        buffers.add(buffer);
        return buffer;
    }

    /** Adds a call. */
    Operand.Variable emit(Kernel kernel, List<? extends Operand> operands, List<Integer> shape) {
        return emit(kernel, operands, shape, origins);
    }

    private Operand.Variable emit(
            Kernel kernel, List<? extends Operand> operands, List<Integer> shape, List<String> nodes) {
        Buffer output = newBuffer(shape);
        calls.add(new Call(kernel, List.copyOf(operands), output, nodes));
        return new Operand.Variable(output);
    }

    /** The buffer that holds an operand; a constant is copied into one. */
    Buffer buffer(Operand operand) {
        return switch (operand) {
            case Operand.Variable variable -> variable.buffer();
            case Operand.Fixed fixed ->
                copiedConstants.computeIfAbsent(fixed.constant(), constant -> {
                    Kernel copy = new Kernel.Copy(List.of(Regions.whole(0, constant.shape())), 0);
                    return emit(copy, List.of(fixed), constant.shape()).buffer();
                });
        };
    }

    Operand.Variable variable(Operand operand) {
        return new Operand.Variable(buffer(operand));
    }

    /** The same elements under another shape; Reshapes in a row become one. */
    Operand reshape(Operand operand, List<Integer> shape) {
        if (operand.shape().equals(shape)) {
            return operand;
        }
        return switch (operand) {
            case Operand.Fixed fixed ->
                new Operand.Fixed(new Constant(shape, fixed.constant().values()));
            case Operand.Variable variable -> reshape(variable, shape);
        };
    }

    private Operand reshape(Operand.Variable variable, List<Integer> shape) {
        Call first = reshapes.get(variable.buffer());
        if (first == null || !Origins.mayJoin(first.origins(), origins)) {
            return emitReshape(variable, shape, origins);
        }
        Operand source = first.operands().getFirst();
        return source.shape().equals(shape)
                ? source
                : emitReshape(source, shape, Origins.union(first.origins(), origins));
    }

    private Operand emitReshape(Operand source, List<Integer> shape, List<String> nodes) {
        Operand.Variable result = emit(new Kernel.Reshape(), List.of(source), shape, nodes);
        reshapes.put(result.buffer(), calls.getLast());
        return result;
    }

    Program build(List<Port> inputs, List<Port> outputs) {
        return new Program(inputs, outputs, buffers, calls);
    }
}
