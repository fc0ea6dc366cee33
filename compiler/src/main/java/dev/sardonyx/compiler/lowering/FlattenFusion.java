package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a fully connected layer over a flattened image a convolution of the image, whose window covers it whole: the image
 * keeps whatever layout the target gives it.
 *
 * <pre>
 *   x[N, C, H, W] ─→ Reshape[N, C·H·W, 1, 1] ─→ Convolution 1×1
 *                                  ⇒
 *   x ─→ Convolution H×W, the same weights as [M, C, H, W]
 * </pre>
 */
final class FlattenFusion {

    private FlattenFusion() {}

    static Program apply(Program program) {
        Map<Buffer, Call> reshapes = new HashMap<>();
        List<Call> calls = new ArrayList<>();
        for (Call call : program.calls()) {
            if (call.kernel() instanceof Kernel.Reshape) {
                reshapes.put(call.output(), call);
            }
            calls.add(flatten(call, reshapes).orElse(call));
        }
        return new Program(program.inputs(), program.outputs(), program.buffers(), calls);
    }

    private static Optional<Call> flatten(Call call, Map<Buffer, Call> reshapes) {
        if (!(call.kernel() instanceof Kernel.Convolution convolution)
                || !(call.operands().getFirst() instanceof Operand.Variable x)
                || !isFullyConnected(convolution, x.buffer())) {
            return Optional.empty();
        }
        return Optional.ofNullable(reshapes.get(x.buffer()))
                .filter(reshape -> isBatchOfImages(reshape.operands().getFirst(), x.buffer()))
                .map(reshape -> convolveImage(convolution, call, reshape));
    }

    private static boolean isFullyConnected(Kernel.Convolution convolution, Buffer x) {
        Window window = convolution.window();
        return window.kernelH() == 1
                && window.kernelW() == 1
                && !window.hasPads()
                && convolution.groups() == 1
                && x.dim(2) == 1
                && x.dim(3) == 1;
    }

    private static boolean isBatchOfImages(Operand source, Buffer flattened) {
        return source.shape().size() == 4 && source.shape().getFirst() == flattened.dim(0);
    }

    private static Call convolveImage(Kernel.Convolution convolution, Call call, Call reshape) {
        Operand image = reshape.operands().getFirst();
        List<Integer> shape = new ArrayList<>(image.shape());
        shape.set(0, convolution.weights().dim(0));
        Kernel kernel = new Kernel.Convolution(
                Window.of(shape.get(2), shape.get(3)),
                1,
                new Constant(shape, convolution.weights().values()),
                convolution.bias(),
                convolution.residual(),
                convolution.activation());
        List<Operand> operands = new ArrayList<>(call.operands());
        operands.set(0, image);
        return new Call(kernel, operands, call.output(), Origins.union(reshape.origins(), call.origins()));
    }
}
