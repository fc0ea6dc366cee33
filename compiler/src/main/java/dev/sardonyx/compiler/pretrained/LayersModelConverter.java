package dev.sardonyx.compiler.pretrained;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;

import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.Attributes;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.compiler.pretrained.LayersModel.Layer;
import dev.sardonyx.compiler.pretrained.LayersModel.Weight;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Converts a Keras classifier of the ResNet kind to ONNX, layer by layer: nothing is folded or fused, names stay, and what Keras
 * has channels last becomes channels first. The batch is left open, under the name {@code batch}.
 */
final class LayersModelConverter {

    /** Old enough for the runtimes of 2021, new enough for Softmax over the last axis. */
    private static final long OPSET = 13;

    private static final long IR_VERSION = 7;
    private static final String BATCH = "batch";

    private final OnnxWriter onnx;
    private final Map<String, Weight> weights;
    /** The ONNX value of each layer's output. */
    private final Map<String, String> outputs = new HashMap<>();

    private LayersModelConverter(String graphName, Map<String, Weight> weights) {
        onnx = new OnnxWriter(graphName).opset(OPSET).irVersion(IR_VERSION).producer("sardonyx", "");
        this.weights = weights;
    }

    /**
     * Converts a network.
     *
     * @throws IllegalArgumentException if it has a layer, or a layer has a setting, that no ResNet needs; the message names both
     */
    static OnnxWriter convert(String graphName, LayersModel model) {
        LayersModelConverter converter = new LayersModelConverter(graphName, model.weights());
        for (Layer layer : model.layers()) {
            converter.outputs.put(layer.name(), converter.add(layer));
        }
        Layer last = model.layers().getLast();
        String classes = Long.toString((long) last.number("units"));
        return converter.onnx.output(converter.output(last.name()), ElementType.FLOAT32, BATCH, classes);
    }

    /** Adds the nodes of a layer; returns the value that holds its output. */
    private String add(Layer layer) {
        return switch (layer.type()) {
            case "InputLayer" -> input(layer);
            case "ZeroPadding2D" -> zeroPadding(layer);
            case "Conv2D" -> convolution(layer);
            case "BatchNormalization" -> batchNormalization(layer);
            case "Activation" -> activation(layer.name(), layer.word("activation"), input(layer, 0));
            case "MaxPooling2D" ->
                onnx.node(
                        layer.name(),
                        "MaxPool",
                        List.of(input(layer, 0)),
                        window(layer).ints("kernel_shape", layer.integers("pool_size")));
            case "Add" -> onnx.node(layer.name(), "Add", List.of(input(layer, 0), input(layer, 1)), attrs());
            case "GlobalAveragePooling2D" -> globalAverage(layer);
            case "Dense" -> dense(layer);
            default -> throw new IllegalArgumentException("layer " + layer.name() + " is a " + layer.type());
        };
    }

    private String input(Layer layer) {
        List<Long> nhwc = layer.config().getAsJsonArray("batch_input_shape").asList().stream()
                .skip(1)
                .map(dim -> dim.getAsLong())
                .toList();
        return onnx.input(
                layer.name(),
                ElementType.FLOAT32,
                BATCH,
                nhwc.get(2).toString(),
                nhwc.get(0).toString(),
                nhwc.get(1).toString());
    }

    private String zeroPadding(Layer layer) {
        long[] topBottomLeftRight = layer.integers("padding");
        String pads = onnx.initializer(
                layer.name() + "/pads",
                Tensor.of(
                        Shape.of(8),
                        0,
                        0,
                        topBottomLeftRight[0],
                        topBottomLeftRight[2],
                        0,
                        0,
                        topBottomLeftRight[1],
                        topBottomLeftRight[3]));
        return onnx.node(layer.name(), "Pad", List.of(input(layer, 0), pads), attrs());
    }

    private String convolution(Layer layer) {
        List<String> inputs = new ArrayList<>(List.of(input(layer, 0)));
        inputs.add(onnx.initializer(layer.name() + "/kernel", outputsFirst(weight(layer, "kernel"))));
        if (layer.flag("use_bias")) {
            inputs.add(vector(layer, "bias"));
        }
        String activation = layer.word("activation");
        String sum = activation.equals("linear") ? layer.name() : layer.name() + "/sum";
        onnx.node(
                sum,
                "Conv",
                inputs,
                window(layer)
                        .ints("kernel_shape", layer.integers("kernel_size"))
                        .ints("dilations", layer.integers("dilation_rate")));
        return activation(layer.name(), activation, sum);
    }

    private String batchNormalization(Layer layer) {
        return onnx.node(
                layer.name(),
                "BatchNormalization",
                List.of(
                        input(layer, 0),
                        vector(layer, "gamma"),
                        vector(layer, "beta"),
                        vector(layer, "moving_mean"),
                        vector(layer, "moving_variance")),
                attrs().f("epsilon", (float) layer.number("epsilon")).f("momentum", (float) layer.number("momentum")));
    }

    private String globalAverage(Layer layer) {
        String average = onnx.node(layer.name() + "/average", "GlobalAveragePool", List.of(input(layer, 0)), attrs());
        return onnx.node(layer.name(), "Flatten", List.of(average), attrs());
    }

    private String dense(Layer layer) {
        String activation = layer.word("activation");
        String sum = activation.equals("linear") ? layer.name() : layer.name() + "/sum";
        Weight kernel = weight(layer, "kernel");
        onnx.node(
                sum,
                "Gemm",
                List.of(
                        input(layer, 0),
                        onnx.initializer(layer.name() + "/kernel", tensor(kernel)),
                        vector(layer, "bias")),
                attrs());
        return activation(layer.name(), activation, sum);
    }

    /** Adds what Keras calls the activation; nothing where it is linear. */
    private String activation(String name, String activation, String x) {
        return switch (activation) {
            case "linear" -> x;
            case "relu" -> onnx.node(name, "Relu", List.of(x), attrs());
            case "softmax" -> onnx.node(name, "Softmax", List.of(x), attrs().i("axis", -1));
            default -> throw new IllegalArgumentException("layer " + name + " has the activation " + activation);
        };
    }

    /** Keras's {@code same} pads as ONNX's SAME_UPPER: what is odd goes to the bottom and the right. */
    private static Attributes window(Layer layer) {
        if (!layer.word("data_format").equals("channels_last")) {
            throw new IllegalArgumentException("layer " + layer.name() + " does not have its channels last");
        }
        Attributes window = attrs().ints("strides", layer.integers("strides"));
        return switch (layer.word("padding")) {
            case "valid" -> window;
            case "same" -> window.s("auto_pad", "SAME_UPPER");
            default ->
                throw new IllegalArgumentException(
                        "layer " + layer.name() + " has the padding " + layer.word("padding"));
        };
    }

    private String input(Layer layer, int index) {
        if (index >= layer.inputs().size()) {
            throw new IllegalArgumentException(
                    "layer " + layer.name() + " has " + layer.inputs().size() + " inputs");
        }
        return output(layer.inputs().get(index));
    }

    private String output(String layer) {
        return Optional.ofNullable(outputs.get(layer))
                .orElseThrow(() -> new IllegalArgumentException("layer " + layer + " is read before it is there"));
    }

    private String vector(Layer layer, String name) {
        return onnx.initializer(layer.name() + "/" + name, tensor(weight(layer, name)));
    }

    private Weight weight(Layer layer, String name) {
        return Optional.ofNullable(weights.get(layer.name() + "/" + name))
                .orElseThrow(() -> new IllegalArgumentException("layer " + layer.name() + " has no " + name));
    }

    private static Tensor tensor(Weight weight) {
        return Tensor.of(new Shape(weight.dims()), weight.values());
    }

    /** From Keras's [height, width, inputs, outputs] to ONNX's [outputs, inputs, height, width]. */
    private static Tensor outputsFirst(Weight kernel) {
        int pixels = kernel.dims().get(0) * kernel.dims().get(1);
        int ins = kernel.dims().get(2);
        int outs = kernel.dims().get(3);
        float[] values = new float[kernel.values().length];
        for (int pixel = 0; pixel < pixels; pixel++) {
            for (int in = 0; in < ins; in++) {
                for (int out = 0; out < outs; out++) {
                    values[(out * ins + in) * pixels + pixel] = kernel.values()[(pixel * ins + in) * outs + out];
                }
            }
        }
        return Tensor.of(Shape.of(outs, ins, kernel.dims().get(0), kernel.dims().get(1)), values);
    }
}
