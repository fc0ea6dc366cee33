package dev.sardonyx.tests.opencl;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.runtime.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A residual network as small as can be, for each of its kernels has to be built: x + f(x), of 16 channels, and ten classes. */
final class TwoConvolutions {

    private TwoConvolutions() {}

    static void write(Path model, int batch, int size) throws IOException {
        OnnxWriter network = new OnnxWriter("two convolutions");
        network.input("x", ElementType.FLOAT32, batch, 3, size, size);
        String stem = network.node("stem", "Relu", List.of(conv(network, "x", 3)), attrs());
        String sum = network.node("sum", "Add", List.of(conv(network, stem, 16), stem), attrs());
        String pooled = network.node("pooled", "GlobalAveragePool", List.of(sum), attrs());
        String flat = network.node("flat", "Flatten", List.of(pooled), attrs());
        String classes = network.initializer("classes", random(16, 10));
        String logits = network.node("logits", "MatMul", List.of(flat, classes), attrs());
        network.output(logits, ElementType.FLOAT32, batch, 10);
        network.write(model);
    }

    /** To 16 channels by 3x3. */
    private static String conv(OnnxWriter network, String x, int channels) {
        String weights = network.initializer(x + "/weights", random(16, channels, 3, 3));
        return network.node(x + "/conv", "Conv", List.of(x, weights), attrs().ints("pads", 1, 1, 1, 1));
    }

    private static Tensor random(int... dims) {
        Random random = new Random(5);
        Shape shape = Shape.of(dims);
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(shape, values);
    }
}
