package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.runtime.ElementType;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One node, or several in a row, that only scale and shift the channels (axis 1) of a value by constants: BatchNormalization,
 * and Add, Sub, Mul and Div with a constant that is the same everywhere in a channel.
 *
 * @param input what is scaled and shifted
 * @param affine how
 * @param onlyShifts whether there are only Add and Sub among the nodes
 */
record AffineStep(Value input, Affine affine, boolean onlyShifts) {

    /** The step that {@code node} is, if it is one. */
    static Optional<AffineStep> of(Node node, Rewriter graph) {
        Shape shape = node.output().shape();
        if (node.output().type().element() != ElementType.FLOAT32 || shape.rank() < 2) {
            return Optional.empty();
        }
        return switch (node.op()) {
            case Op.BatchNormalization(float epsilon) -> batchNormalization(node, epsilon, graph);
            case Op.Add _ ->
                withConstant(node, 1, graph)
                        .or(() -> withConstant(node, 0, graph))
                        .map(operand -> operand.step(Affine.shifting(operand.values), true));
            case Op.Mul _ ->
                withConstant(node, 1, graph)
                        .or(() -> withConstant(node, 0, graph))
                        .map(operand -> operand.step(Affine.scaling(operand.values), false));
            case Op.Sub _ ->
                withConstant(node, 1, graph)
                        .map(operand -> operand.step(Affine.shifting(negated(operand.values)), true))
                        .or(() -> withConstant(node, 0, graph)
                                .map(operand -> operand.step(subtractedFrom(operand.values), false)));
            case Op.Div _ ->
                withConstant(node, 1, graph)
                        .map(operand -> operand.step(Affine.scaling(inverted(operand.values)), false));
            default -> Optional.empty();
        };
    }

    /** The longest run of {@code wanted} steps that {@code node} ends, as one; nothing if its only reader continues the run. */
    static Optional<AffineStep> runEndingAt(Node node, Rewriter graph, Predicate<AffineStep> wanted) {
        Optional<AffineStep> last = of(node, graph).filter(wanted);
        if (last.isEmpty()
                || graph.onlyReader(node.output())
                        .flatMap(reader -> of(reader, graph))
                        .filter(wanted)
                        .isPresent()) {
            return Optional.empty();
        }
        return runEndingIn(last.get().input, graph, wanted)
                .map(run -> run.then(last.get()))
                .or(() -> last);
    }

    /** The longest run of {@code wanted} steps with the result {@code value}, as one; nobody else reads its results. */
    static Optional<AffineStep> runEndingIn(Value value, Rewriter graph, Predicate<AffineStep> wanted) {
        Optional<AffineStep> run = Optional.empty();
        Value end = value;
        while (graph.isReadOnce(end)) {
            Optional<AffineStep> step =
                    graph.producer(end).flatMap(node -> of(node, graph)).filter(wanted);
            if (step.isEmpty()) {
                break;
            }
            run = Optional.of(run.isEmpty() ? step.get() : step.get().then(run.get()));
            end = step.get().input;
        }
        return run;
    }

    private AffineStep then(AffineStep next) {
        return new AffineStep(input, affine.then(next.affine), onlyShifts && next.onlyShifts);
    }

    private static Optional<AffineStep> batchNormalization(Node node, float epsilon, Rewriter graph) {
        Optional<float[]> scale = graph.floats(node.input(1));
        Optional<float[]> bias = graph.floats(node.input(2));
        Optional<float[]> mean = graph.floats(node.input(3));
        Optional<float[]> variance = graph.floats(node.input(4));
        if (scale.isEmpty() || bias.isEmpty() || mean.isEmpty() || variance.isEmpty()) {
            return Optional.empty();
        }
        double[] scales = new double[node.output().shape().dim(1)];
        double[] shifts = new double[scales.length];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = scale.get()[c] / Math.sqrt((double) variance.get()[c] + epsilon);
            shifts[c] = bias.get()[c] - mean.get()[c] * scales[c];
        }
        return Optional.of(new AffineStep(node.input(0), new Affine(scales, shifts), false));
    }

    /** The variable operand of a node whose other operand is a constant, spread over the channels. */
    private record Operand(Value variable, double[] values) {
        AffineStep step(Affine affine, boolean onlyShifts) {
            return new AffineStep(variable, affine, onlyShifts);
        }
    }

    /** The operands of a binary node if the one at {@code index} is a constant per channel and the other has the output's shape. */
    private static Optional<Operand> withConstant(Node node, int index, Rewriter graph) {
        Shape shape = node.output().shape();
        Value constant = node.input(index);
        Value variable = node.input(1 - index);
        if (graph.isConstant(variable)
                || !variable.shape().equals(shape)
                || !isPerChannel(constant.shape(), shape.rank())) {
            return Optional.empty();
        }
        return graph.floats(constant).map(values -> new Operand(variable, spread(values, shape.dim(1))));
    }

    /** Whether a tensor of this shape, broadcast to {@code rank} axes, varies along axis 1 only. */
    private static boolean isPerChannel(Shape shape, int rank) {
        int channelAxis = shape.rank() - rank + 1;
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (axis != channelAxis && shape.dim(axis) != 1) {
                return false;
            }
        }
        return true;
    }

    private static double[] spread(float[] values, int channels) {
        double[] spread = new double[channels];
        for (int c = 0; c < channels; c++) {
            spread[c] = values[values.length == 1 ? 0 : c];
        }
        return spread;
    }

    private static double[] negated(double[] values) {
        double[] negated = new double[values.length];
        for (int c = 0; c < values.length; c++) {
            negated[c] = -values[c];
        }
        return negated;
    }

    private static double[] inverted(double[] values) {
        double[] inverted = new double[values.length];
        for (int c = 0; c < values.length; c++) {
            inverted[c] = 1 / values[c];
        }
        return inverted;
    }

    private static Affine subtractedFrom(double[] values) {
        return Affine.scaling(negated(Affine.identity(values.length).scale())).then(Affine.shifting(values));
    }
}
