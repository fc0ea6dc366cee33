package dev.sardonyx.codegen.opencl;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Cost;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.opencl.ConvolutionShape;
import dev.sardonyx.runtime.opencl.Step;
import java.util.List;
import java.util.Optional;

/**
 * Plans convolutions. How they run is decided on the device, which is known once the jar is loaded there; how far they may err,
 * here, where the weights are known.
 */
final class ConvolutionPlanner {

    private final NetworkPlan plan;

    ConvolutionPlanner(NetworkPlan plan) {
        this.plan = plan;
    }

    void plan(Call call, Kernel.Convolution convolution) {
        Layout in = plan.in(call, 0);
        Optional<Layout> residual = convolution.residual() ? Optional.of(plan.in(call, 1)) : Optional.empty();
        Layout out = plan.out(call);
        Constant weights = convolution.weights();
        WinogradChoice.Limit limit = plan.winograd().of(convolution);
        plan.read(StoredConstant.firstAxisLast(weights));
        convolution.bias().map(StoredConstant::rowMajor).ifPresent(plan::read);
        ConvolutionShape shape = shape(convolution, in.dims(), out.dims(), limit.m());
        plan.convolve(shape);
        int biases = convolution.bias().map(bias -> bias.values().length).orElse(0);
        plan.add(new PlannedStep(
                name(call, convolution),
                call.origins(),
                limit.m() == 0
                        ? "chosen on the device"
                        : "chosen on the device, up to Winograd F(%1$dx%1$d,3x3)".formatted(limit.m()),
                limit.accuracy(),
                Cost.of(call).multiplyAccumulates(),
                plan.bytes(call) + plan.bytes(weights.values().length) + (long) biases * Float.BYTES,
                PlannedStep.of(
                        Step.Convolution.class,
                        slots -> CodeBlock.of(
                                "$L,\n$L, $L, $L, weights.nextOutputsFirst($L, $L), $L",
                                text(shape),
                                slots.of(in.storage()),
                                residual.map(r -> slots.of(r.storage())).orElse(-1),
                                slots.of(out.storage()),
                                weights.dim(0),
                                weights.values().length,
                                biases == 0 ? "new float[0]" : "weights.next(" + biases + ")"))));
    }

    private static String name(Call call, Kernel.Convolution convolution) {
        Window window = convolution.window();
        String kind = call.output().dim(2) * call.output().dim(3) == 1 && window.kernelH() * window.kernelW() == 1
                ? "Dense "
                : "Conv " + window.kernelH() + "x" + window.kernelW() + " ";
        return kind + call.operands().getFirst().shape() + " to "
                + call.output().shape()
                + (convolution.groups() == 1 ? "" : ", groups " + convolution.groups())
                + (convolution.residual() ? " + residual" : "")
                + switch (convolution.activation()) {
                    case Activation.Identity _ -> "";
                    case Activation.Relu _ -> " + relu";
                    case Activation.Clip _ -> " + clip";
                    case Activation.LeakyRelu _ -> " + leaky relu";
                };
    }

    private static ConvolutionShape shape(
            Kernel.Convolution convolution, List<Integer> in, List<Integer> out, int winograd) {
        Window w = convolution.window();
        return new ConvolutionShape(
                in.get(0),
                in.get(2),
                in.get(3),
                in.get(1),
                out.get(2),
                out.get(3),
                out.get(1),
                w.kernelH(),
                w.kernelW(),
                w.strideH(),
                w.strideW(),
                w.dilationH(),
                w.dilationW(),
                w.padTop(),
                w.padLeft(),
                convolution.groups(),
                convolution.bias().isPresent(),
                convolution.residual(),
                switch (convolution.activation()) {
                    case Activation.Identity _ -> ConvolutionShape.Activation.of(ConvolutionShape.Activation.Kind.NONE);
                    case Activation.Relu _ -> ConvolutionShape.Activation.of(ConvolutionShape.Activation.Kind.RELU);
                    case Activation.Clip(float min, float max) -> ConvolutionShape.Activation.clip(min, max);
                    case Activation.LeakyRelu(float alpha) -> ConvolutionShape.Activation.leaky(alpha);
                },
                winograd);
    }

    /** The expression that makes the shape. */
    private static CodeBlock text(ConvolutionShape shape) {
        return CodeBlock.of(
                "new $T($L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L, $L)",
                ConvolutionShape.class,
                shape.batch(),
                shape.inHeight(),
                shape.inWidth(),
                shape.inChannels(),
                shape.outHeight(),
                shape.outWidth(),
                shape.outChannels(),
                shape.kernelHeight(),
                shape.kernelWidth(),
                shape.strideHeight(),
                shape.strideWidth(),
                shape.dilationHeight(),
                shape.dilationWidth(),
                shape.padTop(),
                shape.padLeft(),
                shape.groups(),
                shape.bias(),
                shape.residual(),
                text(shape.activation()),
                shape.winograd());
    }

    private static CodeBlock text(ConvolutionShape.Activation activation) {
        Class<?> type = ConvolutionShape.Activation.class;
        return switch (activation.kind()) {
            case NONE -> CodeBlock.of("$T.of($T.Kind.NONE)", type, type);
            case RELU -> CodeBlock.of("$T.of($T.Kind.RELU)", type, type);
            case CLIP ->
                CodeBlock.of(
                        "$T.clip($L, $L)", type, JavaLiterals.of(activation.low()), JavaLiterals.of(activation.high()));
            case LEAKY -> CodeBlock.of("$T.leaky($L)", type, JavaLiterals.of(activation.slope()));
        };
    }
}
