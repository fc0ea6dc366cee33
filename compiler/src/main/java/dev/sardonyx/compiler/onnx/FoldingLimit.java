package dev.sardonyx.compiler.onnx;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.TensorType;
import java.util.List;

/**
 * How much arithmetic on constants the import does. The chains that decide shapes take some hundred operations, weights that are
 * cast or scaled as many as there are weights (VGG-16 has 138 million); a hostile file can ask for years.
 */
final class FoldingLimit {

    private static final long OPERATIONS = 1L << 29;

    /** Additions that computing an element's coordinates takes as long as. */
    private static final long COORDINATES = 4;

    private long left = OPERATIONS;

    /** Whether the operation may be carried out; if so, it counts. */
    boolean allows(Op op, List<TensorType> inputs, TensorType output) {
        long work = work(op, inputs, output);
        if (work > left) {
            return false;
        }
        left -= work;
        return true;
    }

    private static long work(Op op, List<TensorType> inputs, TensorType output) {
        long read = inputs.stream().mapToLong(FoldingLimit::elements).sum();
        long written = elements(output);
        long perElement = switch (op) {
            case Op.Conv _ -> elements(inputs.get(1)) / Math.max(output.shape().dim(1), 1);
            case Op.MaxPool pool -> taps(pool.window());
            case Op.AveragePool pool -> taps(pool.window());
            case Op.Gemm gemm -> inputs.getFirst().shape().dim(gemm.transA() ? 0 : 1);
            case Op.MatMul _ -> inputs.getFirst().shape().dims().getLast();
            case Op.LRN lrn -> lrn.size();
            case Op.Transpose _, Op.Slice _, Op.Pad _ -> COORDINATES;
            default -> 1;
        };
        return read + Math.max(written, 1) * Math.max(perElement, 1);
    }

    private static long elements(TensorType type) {
        return type.shape().elements();
    }

    private static long taps(Window window) {
        return (long) window.kernelH() * window.kernelW();
    }
}
