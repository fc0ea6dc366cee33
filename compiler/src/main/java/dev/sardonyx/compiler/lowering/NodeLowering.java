package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Node;
import dev.sardonyx.compiler.graph.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Emits the calls that compute a node. */
final class NodeLowering {

    private final ProgramBuilder builder;
    private final PointwiseLowering pointwise;
    private final ProductLowering products;
    private final CopyLowering copies;

    NodeLowering(ProgramBuilder builder) {
        this.builder = builder;
        pointwise = new PointwiseLowering(builder);
        products = new ProductLowering(builder);
        copies = new CopyLowering(builder);
    }

    /** What holds the node's output. */
    Operand lower(Node node) {
        return switch (node.op()) {
            case Op.Conv conv -> conv(conv, node);
            case Op.Gemm gemm -> products.gemm(gemm, node);
            case Op.MatMul _ -> products.matMul(node);

            case Op.MaxPool pool -> pool(Kernel.Pooling.Kind.MAX, pool.window(), false, node);
            case Op.AveragePool pool -> pool(Kernel.Pooling.Kind.AVERAGE, pool.window(), pool.countIncludePad(), node);
            case Op.GlobalAveragePool _ -> reduce(Kernel.Reduction.Kind.MEAN, spatialAxes(node), node);
            case Op.GlobalMaxPool _ -> reduce(Kernel.Reduction.Kind.MAX, spatialAxes(node), node);
            case Op.ReduceMean mean -> reduce(Kernel.Reduction.Kind.MEAN, mean.axes(), node);

            case Op.Softmax softmax ->
                unary(new Kernel.Softmax(softmax.axis(), softmax.endAxis(), false), shape(node), node);
            case Op.LogSoftmax softmax ->
                unary(new Kernel.Softmax(softmax.axis(), softmax.endAxis(), true), shape(node), node);
            case Op.LRN lrn -> localResponseNormalization(lrn, node);

            case Op.BatchNormalization _,
                    Op.Relu _,
                    Op.LeakyRelu _,
                    Op.PRelu _,
                    Op.Clip _,
                    Op.Sigmoid _,
                    Op.Tanh _,
                    Op.Sqrt _,
                    Op.Add _,
                    Op.Sub _,
                    Op.Mul _,
                    Op.Div _,
                    Op.Max _,
                    Op.Min _ -> pointwise.lower(node);

            case Op.Transpose transpose -> copies.transpose(transpose, node);
            case Op.Slice slice -> copies.slice(slice, node);
            case Op.Pad pad -> copies.pad(pad, node);
            case Op.Concat concat -> copies.concat(concat, node);
            case Op.Gather gather -> copies.gather(gather, node);
            case Op.Reshape _ -> builder.reshape(builder.operand(node.input(0)), shape(node));
            case Op.Cast cast -> pointwise.cast(cast, node);
        };
    }

    private Operand conv(Op.Conv conv, Node node) {
        List<Operand> operands = new ArrayList<>();
        operands.add(variable(node, 0));
        if (conv.residual()) {
            operands.add(variable(node, node.inputs().size() - 1));
        }
        Optional<Constant> bias = conv.bias() ? Optional.of(fixed(node, 2)) : Optional.empty();
        Kernel kernel = new Kernel.Convolution(
                conv.window(), conv.group(), fixed(node, 1), bias, conv.residual(), conv.activation());
        return builder.emit(kernel, operands, shape(node));
    }

    /** A constant, the same object for all its readers. */
    private Constant fixed(Node node, int index) {
        return switch (builder.operand(node.input(index))) {
            case Operand.Fixed fixed -> fixed.constant();
            case Operand.Variable variable -> throw new IllegalStateException(variable + " is not constant");
        };
    }

    /** A window of one element picks it. */
    private Operand pool(Kernel.Pooling.Kind kind, Window window, boolean countIncludePad, Node node) {
        if (window.kernelH() == 1 && window.kernelW() == 1 && !window.hasPads()) {
            List<Integer> steps = List.of(1, 1, window.strideH(), window.strideW());
            return copies.slice(new Op.Slice(List.of(0, 0, 0, 0), steps, shape(node)), node);
        }
        return unary(new Kernel.Pooling(kind, window, countIncludePad), shape(node), node);
    }

    private static List<Integer> spatialAxes(Node node) {
        return IntStream.range(2, node.input(0).shape().rank()).boxed().toList();
    }

    /** One element is its own mean and maximum. */
    private Operand reduce(Kernel.Reduction.Kind kind, List<Integer> axes, Node node) {
        if (axes.stream().allMatch(axis -> node.input(0).shape().dim(axis) == 1)) {
            return builder.reshape(builder.operand(node.input(0)), shape(node));
        }
        return unary(new Kernel.Reduction(kind, axes), shape(node), node);
    }

    /** The kernel takes images; other ranks pass as images of one column. */
    private Operand localResponseNormalization(Op.LRN lrn, Node node) {
        List<Integer> shape = shape(node);
        List<Integer> image = shape.size() == 4
                ? shape
                : List.of(shape.get(0), shape.get(1), node.output().shape().product(2, shape.size()), 1);
        Operand x = builder.reshape(variable(node, 0), image);
        Kernel kernel = new Kernel.LocalResponseNormalization(lrn.size(), lrn.alpha(), lrn.beta(), lrn.bias());
        return builder.reshape(builder.emit(kernel, List.of(x), image), shape);
    }

    private Operand unary(Kernel kernel, List<Integer> shape, Node node) {
        return builder.emit(kernel, List.of(variable(node, 0)), shape);
    }

    private Operand variable(Node node, int index) {
        return builder.variable(builder.operand(node.input(index)));
    }

    private static List<Integer> shape(Node node) {
        return node.output().shape().dims();
    }
}
