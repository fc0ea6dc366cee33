package dev.sardonyx.codegen.program;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks what holds for every {@link Program}, so that targets may rely on it: buffers are numbered by position, have at least
 * one element, and are written once before they are read; every call has origins, and its shapes agree with its kernel; only
 * {@link Kernel.Pointwise} and {@link Kernel.Copy} read {@link Operand.Fixed}, and only Copy may read nothing else.
 */
public final class ProgramVerifier {

    private final Program program;
    private final Set<Integer> written = new HashSet<>();

    private ProgramVerifier(Program program) {
        this.program = program;
    }

    /**
     * Checks the program.
     *
     * @throws IllegalStateException naming the call and the rule that is broken
     */
    public static void verify(Program program) {
        new ProgramVerifier(program).verify();
    }

    private void verify() {
        for (int id = 0; id < program.buffers().size(); id++) {
            Buffer buffer = program.buffers().get(id);
            require(buffer.id() == id, buffer + " is at position " + id);
            require(buffer.elements() > 0, buffer + " is empty");
        }
        program.inputs().forEach(input -> write(input.buffer()));
        for (Call call : program.calls()) {
            try {
                verify(call);
            } catch (IllegalStateException broken) {
                throw new IllegalStateException(call + ": " + broken.getMessage(), broken);
            }
        }
        program.outputs().forEach(output -> read(output.buffer()));
    }

    private void verify(Call call) {
        boolean readsBuffer = false;
        for (Operand operand : call.operands()) {
            switch (operand) {
                case Operand.Variable variable -> {
                    read(variable.buffer());
                    readsBuffer = true;
                }
                case Operand.Fixed _ ->
                    require(
                            call.kernel() instanceof Kernel.Pointwise || call.kernel() instanceof Kernel.Copy,
                            "reads a constant");
            }
        }
        require(readsBuffer || call.kernel() instanceof Kernel.Copy, "reads no buffer");
        require(!call.origins().isEmpty(), "no origins");
        write(call.output());
        shapes(call);
    }

    private void read(Buffer buffer) {
        requireKnown(buffer);
        require(written.contains(buffer.id()), buffer + " is read before it is written");
    }

    private void write(Buffer buffer) {
        requireKnown(buffer);
        require(written.add(buffer.id()), buffer + " is written twice");
    }

    private void requireKnown(Buffer buffer) {
        int id = buffer.id();
        require(
                0 <= id
                        && id < program.buffers().size()
                        && program.buffers().get(id).equals(buffer),
                buffer + " is not a buffer of the program");
    }

    private static void shapes(Call call) {
        List<Integer> y = call.output().shape();
        int operands = call.operands().size();
        require(operands >= 1, "reads nothing");
        List<Integer> x = call.operands().getFirst().shape();
        switch (call.kernel()) {
            case Kernel.Convolution convolution -> convolution(convolution, call);
            case Kernel.Pooling pooling -> pooling(pooling, x, y, operands);
            case Kernel.Reduction reduction -> reduction(reduction, x, y, operands);
            case Kernel.Pointwise pointwise -> pointwise(pointwise, call);
            case Kernel.MatrixProduct _ -> matrixProduct(call);
            case Kernel.Softmax softmax ->
                require(
                        operands == 1
                                && x.equals(y)
                                && 0 <= softmax.firstAxis()
                                && softmax.firstAxis() < softmax.endAxis()
                                && softmax.endAxis() <= x.size(),
                        "bad shapes");
            case Kernel.LocalResponseNormalization norm ->
                require(operands == 1 && x.equals(y) && x.size() == 4 && norm.size() >= 1, "bad shapes");
            case Kernel.Reshape _ -> require(operands == 1 && elements(x) == elements(y), "bad shapes");
            case Kernel.Copy copy -> copy.regions().forEach(region -> region(region, call));
        }
    }

    private static void convolution(Kernel.Convolution convolution, Call call) {
        require(call.operands().size() == (convolution.residual() ? 2 : 1), "wrong number of operands");
        List<Integer> x = call.operands().getFirst().shape();
        List<Integer> w = convolution.weights().shape();
        Window window = convolution.window();
        int groups = convolution.groups();
        require(x.size() == 4 && w.size() == 4, "not an image or not a kernel");
        require(
                groups >= 1 && w.get(0) % groups == 0 && x.get(1) == w.get(1) * groups,
                "weights do not fit the channels and groups");
        require(w.get(2) == window.kernelH() && w.get(3) == window.kernelW(), "weights do not fit the window");
        convolution
                .bias()
                .ifPresent(bias -> require(bias.shape().equals(List.of(w.get(0))), "bias does not fit the weights"));
        List<Integer> expected = List.of(x.get(0), w.get(0), window.outputH(x.get(2)), window.outputW(x.get(3)));
        require(call.output().shape().equals(expected), "output should be " + expected);
        require(
                !convolution.residual() || call.operands().get(1).shape().equals(expected),
                "residual does not have the output's shape");
    }

    private static void pooling(Kernel.Pooling pooling, List<Integer> x, List<Integer> y, int operands) {
        require(operands == 1 && x.size() == 4 && y.size() == 4, "not an image");
        int extraRows = y.get(2) - pooling.window().outputH(x.get(2));
        int extraColumns = y.get(3) - pooling.window().outputW(x.get(3));
        require(
                x.subList(0, 2).equals(y.subList(0, 2))
                        && (extraRows == 0 || extraRows == 1)
                        && (extraColumns == 0 || extraColumns == 1),
                "output does not fit the window");
    }

    private static void reduction(Kernel.Reduction reduction, List<Integer> x, List<Integer> y, int operands) {
        require(operands == 1, "wrong number of operands");
        List<Integer> kept = new ArrayList<>();
        List<Integer> dropped = new ArrayList<>();
        for (int axis = 0; axis < x.size(); axis++) {
            boolean reduced = reduction.axes().contains(axis);
            kept.add(reduced ? 1 : x.get(axis));
            if (!reduced) {
                dropped.add(x.get(axis));
            }
        }
        require(y.equals(kept) || y.equals(dropped), "output should be " + kept + " or " + dropped);
    }

    private static void pointwise(Kernel.Pointwise pointwise, Call call) {
        for (Operand operand : call.operands()) {
            requireBroadcast(operand.shape(), call.output().shape());
        }
        requireInputs(pointwise.expression(), call.operands().size());
    }

    private static void requireInputs(Expression expression, int operands) {
        switch (expression) {
            case Expression.Input input ->
                require(0 <= input.index() && input.index() < operands, "there is no operand " + input.index());
            case Expression.Literal _ -> {}
            case Expression.Unary unary -> requireInputs(unary.argument(), operands);
            case Expression.Binary binary -> {
                requireInputs(binary.left(), operands);
                requireInputs(binary.right(), operands);
            }
        }
    }

    private static void matrixProduct(Call call) {
        require(call.operands().size() == 2, "wrong number of operands");
        List<Integer> a = call.operands().get(0).shape();
        List<Integer> b = call.operands().get(1).shape();
        List<Integer> y = call.output().shape();
        require(a.size() >= 2 && b.size() >= 2 && y.size() == Math.max(a.size(), b.size()), "not matrices");
        require(a.getLast().equals(b.get(b.size() - 2)), "inner dimensions differ");
        List<Integer> matrices = y.subList(0, y.size() - 2);
        requireBroadcast(a.subList(0, a.size() - 2), matrices);
        requireBroadcast(b.subList(0, b.size() - 2), matrices);
        require(
                y.get(y.size() - 2).equals(a.get(a.size() - 2)) && y.getLast().equals(b.getLast()),
                "output does not fit the operands");
    }

    private static void region(Kernel.Region region, Call call) {
        require(
                0 <= region.operand() && region.operand() < call.operands().size(),
                "there is no operand " + region.operand());
        List<Integer> x = call.operands().get(region.operand()).shape();
        List<Integer> y = call.output().shape();
        require(
                region.extent().size() == y.size() && region.outStart().size() == y.size(),
                "region does not have the output's axes");
        for (int axis = 0; axis < y.size(); axis++) {
            int start = region.outStart().get(axis);
            int extent = region.extent().get(axis);
            require(start >= 0 && extent >= 1 && start + (long) extent <= y.get(axis), "region leaves the output");
        }
        require(
                region.inStart().size() == x.size()
                        && region.inStep().size() == x.size()
                        && region.axisMap().size() == x.size(),
                "region does not have the operand's axes");
        for (int axis = 0; axis < x.size(); axis++) {
            int driver = region.axisMap().get(axis);
            require(0 <= driver && driver < y.size(), "there is no output axis " + driver);
            long first = region.inStart().get(axis);
            long last =
                    first + (long) region.inStep().get(axis) * (region.extent().get(driver) - 1);
            require(Math.min(first, last) >= 0 && Math.max(first, last) < x.get(axis), "region leaves the operand");
        }
    }

    private static void requireBroadcast(List<Integer> from, List<Integer> to) {
        int missing = to.size() - from.size();
        require(missing >= 0, from + " does not broadcast to " + to);
        for (int axis = 0; axis < from.size(); axis++) {
            int dim = from.get(axis);
            require(dim == 1 || dim == to.get(missing + axis), from + " does not broadcast to " + to);
        }
    }

    private static long elements(List<Integer> shape) {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalStateException(rule);
        }
    }
}
