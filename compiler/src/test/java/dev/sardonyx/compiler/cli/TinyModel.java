package dev.sardonyx.compiler.cli;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.runtime.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The smallest classifier with a convolution, a batch normalisation and an activation; and data to verify it with. */
final class TinyModel {

    private static final int CLASSES = 4;

    private TinyModel() {}

    /**
     * Input {@code x} [batch, 3, 8, 8], output {@code y} [batch, 4]: class k is relu(2k·mean(x) - 1), summed over channels.
     *
     * @param batch the first dimension; a word leaves it open
     */
    static Path write(Path file, String batch) throws IOException {
        OnnxWriter model = new OnnxWriter("tiny");
        String x = model.input("x", ElementType.FLOAT32, batch, "3", "8", "8");
        float[] weights = new float[CLASSES * 3];
        for (int i = 0; i < weights.length; i++) {
            int outputChannel = i / 3;
            weights[i] = outputChannel;
        }
        String conv = model.node(
                "conv",
                "Conv",
                List.of(x, model.initializer("w", Tensor.of(Shape.of(CLASSES, 3, 1, 1), weights))),
                attrs());
        String norm = model.node(
                "norm",
                "BatchNormalization",
                List.of(
                        conv,
                        model.initializer("scale", perClass(2)),
                        model.initializer("shift", perClass(-1)),
                        model.initializer("mean", perClass(0)),
                        model.initializer("var", perClass(1))),
                attrs().f("epsilon", 0));
        String relu = model.node("relu", "Relu", List.of(norm), attrs());
        String pool = model.node("pool", "GlobalAveragePool", List.of(relu), attrs());
        model.output(
                model.node("y", "Flatten", List.of(pool), attrs()),
                ElementType.FLOAT32,
                batch,
                Integer.toString(CLASSES));
        model.write(file);
        return file;
    }

    /** Moves a model's first initializer to a file beside it. */
    static void moveWeights(Path model, Path weights) throws IOException {
        ModelProto.Builder proto = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
        TensorProto.Builder tensor = proto.getGraphBuilder().getInitializerBuilder(0);
        Files.write(weights, tensor.getRawData().toByteArray());
        tensor.clearRawData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalDataBuilder()
                .setKey("location")
                .setValue(weights.getFileName().toString());
        Files.write(model, proto.build().toByteArray());
    }

    /** A model of two operators that nobody has heard of. */
    static Path writeUnsupported(Path file) throws IOException {
        OnnxWriter model = new OnnxWriter("odd");
        String x = model.input("x", ElementType.FLOAT32, 1, 4);
        String y = model.node("first", "Frobnicate", List.of(x), attrs());
        String z = model.node("second", "Defenestrate", List.of(x), attrs());
        model.output(model.node("sum", "Add", List.of(y, z), attrs()), ElementType.FLOAT32, 1, 4);
        model.write(file);
        return file;
    }

    /**
     * A data set for the model: an input of ones, and what the model makes of it.
     *
     * @param error added to each expected value
     */
    static Path writeData(Path folder, float error) throws IOException {
        Path set = Files.createDirectories(folder.resolve("test_data_set_0"));
        float[] ones = new float[3 * 8 * 8];
        Arrays.fill(ones, 1);
        Files.write(set.resolve("input_0.pb"), proto("x", List.of(1L, 3L, 8L, 8L), ones));
        float[] expected = new float[CLASSES];
        for (int k = 0; k < CLASSES; k++) {
            expected[k] = Math.max(2 * 3 * k - 1, 0) + error;
        }
        Files.write(set.resolve("output_0.pb"), proto("y", List.of(1L, (long) CLASSES), expected));
        return folder;
    }

    private static Tensor perClass(float value) {
        float[] values = new float[CLASSES];
        Arrays.fill(values, value);
        return Tensor.of(Shape.of(CLASSES), values);
    }

    private static byte[] proto(String name, List<Long> dims, float[] values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return TensorProto.newBuilder()
                .setName(name)
                .addAllDims(dims)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .setRawData(ByteString.copyFrom(raw))
                .build()
                .toByteArray();
    }
}
