package dev.sardonyx.compiler.pretrained;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Keras network as TensorFlow.js stores it: {@code model.json} with the layers, and files of little-endian float32 weights, one
 * after the other. Source: the <a href="https://github.com/tensorflow/tfjs/tree/master/tfjs-converter">converter's format</a>
 * {@code layers-model}.
 *
 * @param layers in the order of the file, each after those that it reads
 * @param weights by name, such as {@code conv1/kernel}
 */
record LayersModel(List<Layer> layers, Map<String, Weight> weights) {

    /**
     * A layer.
     *
     * @param name also that of its output
     * @param type such as {@code Conv2D}
     * @param inputs names of the layers that it reads
     * @param config its settings
     */
    record Layer(String name, String type, List<String> inputs, JsonObject config) {

        /** A setting that is a number. */
        double number(String key) {
            return setting(key).getAsDouble();
        }

        /** A setting that is a word. */
        String word(String key) {
            return setting(key).getAsString();
        }

        /** A setting that is true or false. */
        boolean flag(String key) {
            return setting(key).getAsBoolean();
        }

        /** A setting that is a list of integers, those of inner lists one after the other. */
        long[] integers(String key) {
            List<Long> values = new ArrayList<>();
            addIntegers(setting(key), values);
            return values.stream().mapToLong(Long::longValue).toArray();
        }

        private static void addIntegers(JsonElement element, List<Long> values) {
            if (element.isJsonArray()) {
                element.getAsJsonArray().forEach(inner -> addIntegers(inner, values));
            } else {
                values.add(element.getAsLong());
            }
        }

        JsonElement setting(String key) {
            JsonElement value = config.get(key);
            if (value == null) {
                throw new IllegalArgumentException("layer " + name + " has no " + key);
            }
            return value;
        }
    }

    /**
     * A weight.
     *
     * @param dims as Keras orders them, the output channel last
     * @param values row-major
     */
    record Weight(List<Integer> dims, float[] values) {}

    /**
     * Reads a network.
     *
     * @param files the content of {@code model.json} and of the files that it names, by name
     * @throws IOException if something is missing or not as the format wants it; the message says what
     */
    static LayersModel read(Map<String, byte[]> files) throws IOException {
        String json = new String(file("model.json", files), StandardCharsets.UTF_8);
        try {
            JsonObject model = new Gson().fromJson(json, JsonObject.class);
            return new LayersModel(
                    layers(model.getAsJsonObject("modelTopology")
                            .getAsJsonObject("model_config")
                            .getAsJsonObject("config")
                            .getAsJsonArray("layers")),
                    weights(model.getAsJsonArray("weightsManifest"), files));
        } catch (JsonParseException
                | IllegalStateException
                | ClassCastException
                | NullPointerException
                | UnsupportedOperationException
                        e) { // Gson's ways to say that something is not there, or something else
            throw new IOException("model.json is no layers-model (" + e.getMessage() + ")", e);
        }
    }

    private static byte[] file(String name, Map<String, byte[]> files) throws IOException {
        byte[] content = files.get(name);
        if (content == null) {
            throw new IOException(name + " is missing");
        }
        return content;
    }

    private static List<Layer> layers(JsonArray array) {
        List<Layer> layers = new ArrayList<>();
        for (JsonElement element : array) {
            JsonObject layer = element.getAsJsonObject();
            layers.add(new Layer(
                    layer.get("name").getAsString(),
                    layer.get("class_name").getAsString(),
                    inputs(layer.getAsJsonArray("inbound_nodes")),
                    layer.getAsJsonObject("config")));
        }
        return List.copyOf(layers);
    }

    /** A layer that is used once has one inbound node, a list of [layer, node, tensor, arguments]. */
    private static List<String> inputs(JsonArray inboundNodes) {
        List<String> names = new ArrayList<>();
        for (JsonElement node : inboundNodes) {
            node.getAsJsonArray()
                    .forEach(input -> names.add(input.getAsJsonArray().get(0).getAsString()));
        }
        return List.copyOf(names);
    }

    private static Map<String, Weight> weights(JsonArray manifest, Map<String, byte[]> files) throws IOException {
        Map<String, Weight> weights = new LinkedHashMap<>();
        for (JsonElement group : manifest) {
            List<InputStream> parts = new ArrayList<>();
            for (JsonElement path : group.getAsJsonObject().getAsJsonArray("paths")) {
                parts.add(new ByteArrayInputStream(file(path.getAsString(), files)));
            }
            InputStream bytes = new SequenceInputStream(Collections.enumeration(parts));
            for (JsonElement weight : group.getAsJsonObject().getAsJsonArray("weights")) {
                read(weight.getAsJsonObject(), bytes, weights);
            }
        }
        return weights;
    }

    private static void read(JsonObject weight, InputStream bytes, Map<String, Weight> weights) throws IOException {
        String name = weight.get("name").getAsString();
        if (!weight.get("dtype").getAsString().equals("float32")) {
            throw new IOException("weight " + name + " is not float32");
        }
        List<Integer> dims = new ArrayList<>();
        int size = 1;
        for (JsonElement dim : weight.getAsJsonArray("shape")) {
            dims.add(dim.getAsInt());
            size = Math.multiplyExact(size, dim.getAsInt());
        }
        byte[] raw = bytes.readNBytes(size * Float.BYTES);
        if (raw.length < size * Float.BYTES) {
            throw new IOException("weight " + name + " is cut off");
        }
        float[] values = new float[size];
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        weights.put(name, new Weight(List.copyOf(dims), values));
    }
}
