package dev.sardonyx.compiler.passes;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A node that multiplies by constant weights and may add a constant bias: Conv without an epilogue, Gemm and MatMul of
 * matrices. Its output's channels (axis 1) are sums over the input's channels (axis 1) and, in a Conv, the kernel's taps.
 *
 * @param node the node
 * @param weights its weights; that of output channel m, input channel i of m's group, and tap t is
 *     {@code weights[m·outStride + i·inStride + t]}
 * @param bias what it adds, by output channel
 * @param groups number of groups
 * @param inChannels input channels per group
 * @param taps positions of the kernel
 */
record Linear(
        Node node, float[] weights, double[] bias, int groups, int inChannels, int taps, int outStride, int inStride) {

    /** The node seen so, if it is such a one. */
    static Optional<Linear> of(Node node, Rewriter graph) {
        if (node.inputs().size() < 2 || node.output().type().element() != ElementType.FLOAT32) {
            return Optional.empty();
        }
        return graph.floats(node.input(1)).flatMap(weights -> of(node, weights, graph));
    }

    /** The node of that kind that gives {@code value}, if nobody else reads it. */
    static Optional<Linear> giving(Value value, Rewriter graph) {
        return graph.producer(value).filter(_ -> graph.isReadOnce(value)).flatMap(node -> of(node, graph));
    }

    private static Optional<Linear> of(Node node, float[] weights, Rewriter graph) {
        Shape shape = node.input(1).shape();
        return switch (node.op()) {
            case Op.Conv conv
            when !conv.residual() && conv.activation().equals(Activation.NONE) -> {
                int taps = conv.window().kernelH() * conv.window().kernelW();
                yield bias(node, 1, graph)
                        .map(bias -> new Linear(
                                node, weights, bias, conv.group(), shape.dim(1), taps, shape.dim(1) * taps, taps));
            }
            case Op.Gemm gemm
            when !gemm.transA() ->
                bias(node, gemm.beta(), graph).map(bias -> matrix(node, weights, bias, gemm.transB()));
            case Op.MatMul _
            when shape.rank() == 2 && node.input(0).shape().rank() == 2 ->
                Optional.of(matrix(node, weights, new double[shape.dim(1)], false));
            default -> Optional.empty();
        };
    }

    private static Linear matrix(Node node, float[] weights, double[] bias, boolean transposed) {
        int inner = node.input(0).shape().dim(1);
        return transposed
                ? new Linear(node, weights, bias, 1, inner, 1, inner, 1)
                : new Linear(node, weights, bias, 1, inner, 1, 1, bias.length);
    }

    /** The third input times {@code factor}, by output channel; zeros where there is none; nothing if it is no such constant. */
    private static Optional<double[]> bias(Node node, float factor, Rewriter graph) {
        double[] bias = new double[node.output().shape().dim(1)];
        if (node.inputs().size() < 3) {
            return Optional.of(bias);
        }
        Shape shape = node.input(2).shape();
        if (shape.elements() != 1 && (shape.elements() != bias.length || shape.dim(shape.rank() - 1) != bias.length)) {
            return Optional.empty();
        }
        return graph.floats(node.input(2)).map(values -> {
            for (int m = 0; m < bias.length; m++) {
                bias[m] = (double) factor * values[values.length == 1 ? 0 : m];
            }
            return bias;
        });
    }

    /**
     * The operation that also does what {@code next} does to the result. Nothing where its weights would not be finite
     * float32 numbers (infinite weights do not compute what infinite scales compute), or would be too many.
     */
    Optional<Rewriter.Replacement> followedBy(Affine next, Rewriter graph) {
        if (next.scales() && !affordsNewWeights(graph)) {
            return Optional.empty();
        }
        double[] shifted = new double[bias.length];
        for (int m = 0; m < bias.length; m++) {
            shifted[m] = next.scale()[m] * bias[m] + next.shift()[m];
        }
        Optional<float[]> scaled = next.scales() ? Optional.of(scaled((m, _) -> next.scale()[m])) : Optional.empty();
        return with(node.input(0), scaled, shifted, graph);
    }

    /**
     * The operation that reads {@code input} instead and first does to it what {@code before} does. Nothing as in
     * {@link #followedBy}, and where a shift would have to reach into the padding.
     */
    Optional<Rewriter.Replacement> precededBy(Value input, Affine before, Rewriter graph) {
        if ((isPadded() && before.shifts()) || (before.scales() && !affordsNewWeights(graph))) {
            return Optional.empty();
        }
        double alpha = node.op() instanceof Op.Gemm gemm ? gemm.alpha() : 1;
        double[] shifted = new double[bias.length];
        for (int m = 0; m < bias.length; m++) {
            double shift = 0;
            for (int i = 0; i < inChannels; i++) {
                for (int t = 0; t < taps; t++) {
                    shift += weights[at(m, i, t)] * before.shift()[channel(m, i)];
                }
            }
            shifted[m] = bias[m] + alpha * shift;
        }
        Optional<float[]> scaled =
                before.scales() ? Optional.of(scaled((m, i) -> before.scale()[channel(m, i)])) : Optional.empty();
        return with(input, scaled, shifted, graph);
    }

    /** A number for output channel m and input channel i of m's group. */
    private interface Factor {
        double of(int m, int i);
    }

    private float[] scaled(Factor factor) {
        float[] scaled = new float[weights.length];
        for (int m = 0; m < bias.length; m++) {
            for (int i = 0; i < inChannels; i++) {
                for (int t = 0; t < taps; t++) {
                    scaled[at(m, i, t)] = (float) (weights[at(m, i, t)] * factor.of(m, i));
                }
            }
        }
        return scaled;
    }

    private int at(int m, int i, int t) {
        return m * outStride + i * inStride + t;
    }

    /** The input's channel that is channel i of m's group. */
    private int channel(int m, int i) {
        return m / (bias.length / groups) * inChannels + i;
    }

    /** Whether zeros that no node computes enter the sums. */
    boolean isPadded() {
        return node.op() instanceof Op.Conv conv && conv.window().hasPads();
    }

    /** The same sums as a 1×1 Conv of 1×1 images between two Reshapes; nothing for a Conv, and as in {@link #followedBy}. */
    Optional<Rewriter.Replacement> asConv(Rewriter graph) {
        if (node.op() instanceof Op.Conv || !affordsNewWeights(graph)) {
            return Optional.empty();
        }
        float alpha = node.op() instanceof Op.Gemm gemm ? gemm.alpha() : 1;
        float[] ordered = new float[weights.length];
        for (int m = 0; m < bias.length; m++) {
            for (int i = 0; i < inChannels; i++) {
                ordered[m * inChannels + i] = alpha * weights[at(m, i, 0)];
            }
        }
        float[] rounded = rounded(bias);
        if (!isFinite(ordered) || !isFinite(rounded)) {
            return Optional.empty();
        }
        Value x = node.input(0);
        Value y = node.output();
        Shape images = Shape.of(x.shape().dim(0), inChannels, 1, 1);
        Shape results = Shape.of(x.shape().dim(0), bias.length, 1, 1);
        List<Value> inputs = new ArrayList<>();
        inputs.add(graph.insert(new Op.Reshape(images), List.of(x), x.type().withShape(images), x.name(), node));
        inputs.add(graph.addConstant(node.input(1).name(), Shape.of(bias.length, inChannels, 1, 1), ordered));
        boolean biased = node.inputs().size() > 2;
        if (biased) {
            inputs.add(graph.addConstant(node.input(2).name(), Shape.of(bias.length), rounded));
        }
        Op conv = new Op.Conv(Window.of(1, 1), 1, biased);
        Value result = graph.insert(conv, inputs, y.type().withShape(results), y.name(), node);
        return Optional.of(new Rewriter.Replacement.Operation(new Op.Reshape(y.shape()), List.of(result)));
    }

    private boolean affordsNewWeights(Rewriter graph) {
        return graph.affords(weights.length, List.of(node.input(1)));
    }

    private Optional<Rewriter.Replacement> with(
            Value input, Optional<float[]> newWeights, double[] newBias, Rewriter graph) {
        float[] rounded = rounded(newBias);
        if (!isFinite(rounded) || !newWeights.map(Linear::isFinite).orElse(true)) {
            return Optional.empty();
        }
        boolean biased = node.inputs().size() > 2 || Arrays.stream(newBias).anyMatch(term -> term != 0);
        Value old = node.input(1);
        List<Value> inputs = new ArrayList<>();
        inputs.add(input);
        inputs.add(newWeights
                .map(values -> graph.addConstant(old.name(), old.shape(), values))
                .orElse(old));
        if (biased) {
            String name = node.inputs().size() > 2 ? node.input(2).name() : old.name() + ".bias";
            inputs.add(graph.addConstant(name, Shape.of(rounded.length), rounded));
        }
        return Optional.of(new Rewriter.Replacement.Operation(op(biased), inputs));
    }

    private Op op(boolean biased) {
        return switch (node.op()) {
            case Op.Conv conv -> new Op.Conv(conv.window(), conv.group(), biased);
            case Op.Gemm gemm -> new Op.Gemm(gemm.alpha(), 1, false, gemm.transB());
            default -> biased ? new Op.Gemm(1, 1, false, false) : node.op();
        };
    }

    private static float[] rounded(double[] values) {
        float[] rounded = new float[values.length];
        for (int m = 0; m < values.length; m++) {
            rounded[m] = (float) values[m];
        }
        return rounded;
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
