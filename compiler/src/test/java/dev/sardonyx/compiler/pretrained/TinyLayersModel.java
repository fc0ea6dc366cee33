package dev.sardonyx.compiler.pretrained;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A Keras network with each kind of layer that ResNet-50 has, in TensorFlow.js's format, its weights cut into two files in the
 * middle of one; and what it answers, computed as Keras does, channels last.
 */
final class TinyLayersModel {

    static final int SIZE = 7;
    static final int COLORS = 3;
    static final int CHANNELS = 4;
    static final int CLASSES = 5;

    private static final String JSON = """
        {"format": "layers-model",
         "modelTopology": {"keras_version": "2.2.4-tf", "model_config": {"class_name": "Model", "config": {
          "name": "tiny",
          "layers": [
           {"name": "in", "class_name": "InputLayer", "inbound_nodes": [],
            "config": {"name": "in", "batch_input_shape": [null, 7, 7, 3], "dtype": "float32"}},
           {"name": "pad", "class_name": "ZeroPadding2D", "inbound_nodes": [[["in", 0, 0, {}]]],
            "config": {"padding": [[1, 1], [1, 0]], "data_format": "channels_last"}},
           {"name": "conv", "class_name": "Conv2D", "inbound_nodes": [[["pad", 0, 0, {}]]],
            "config": {"filters": 4, "kernel_size": [3, 2], "strides": [2, 2], "padding": "valid",
                       "data_format": "channels_last", "dilation_rate": [1, 1], "activation": "linear",
                       "use_bias": true}},
           {"name": "norm", "class_name": "BatchNormalization", "inbound_nodes": [[["conv", 0, 0, {}]]],
            "config": {"axis": [3], "momentum": 0.99, "epsilon": 0.001}},
           {"name": "act", "class_name": "Activation", "inbound_nodes": [[["norm", 0, 0, {}]]],
            "config": {"activation": "relu"}},
           {"name": "branch", "class_name": "Conv2D", "inbound_nodes": [[["act", 0, 0, {}]]],
            "config": {"filters": 4, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same",
                       "data_format": "channels_last", "dilation_rate": [1, 1], "activation": "relu",
                       "use_bias": false}},
           {"name": "add", "class_name": "Add", "inbound_nodes": [[["branch", 0, 0, {}], ["act", 0, 0, {}]]],
            "config": {}},
           {"name": "pool", "class_name": "MaxPooling2D", "inbound_nodes": [[["add", 0, 0, {}]]],
            "config": {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid",
                       "data_format": "channels_last"}},
           {"name": "avg", "class_name": "GlobalAveragePooling2D", "inbound_nodes": [[["pool", 0, 0, {}]]],
            "config": {"data_format": "channels_last"}},
           {"name": "fc", "class_name": "Dense", "inbound_nodes": [[["avg", 0, 0, {}]]],
            "config": {"units": 5, "activation": "softmax", "use_bias": true}}],
          "input_layers": [["in", 0, 0]], "output_layers": [["fc", 0, 0]]}}},
         "weightsManifest": [{"paths": ["shard1", "shard2"], "weights": [
           {"name": "conv/kernel", "shape": [3, 2, 3, 4], "dtype": "float32"},
           {"name": "conv/bias", "shape": [4], "dtype": "float32"},
           {"name": "norm/gamma", "shape": [4], "dtype": "float32"},
           {"name": "norm/beta", "shape": [4], "dtype": "float32"},
           {"name": "norm/moving_mean", "shape": [4], "dtype": "float32"},
           {"name": "norm/moving_variance", "shape": [4], "dtype": "float32"},
           {"name": "branch/kernel", "shape": [3, 3, 4, 4], "dtype": "float32"},
           {"name": "fc/kernel", "shape": [4, 5], "dtype": "float32"},
           {"name": "fc/bias", "shape": [5], "dtype": "float32"}]}]}
        """;

    private final Random random = new Random(5);
    final float[] convKernel = weights(3 * 2 * COLORS * CHANNELS);
    final float[] convBias = weights(CHANNELS);
    final float[] gamma = weights(CHANNELS);
    final float[] beta = weights(CHANNELS);
    final float[] mean = weights(CHANNELS);
    final float[] variance = squares(weights(CHANNELS));
    final float[] branchKernel = weights(3 * 3 * CHANNELS * CHANNELS);
    final float[] denseKernel = weights(CHANNELS * CLASSES);
    final float[] denseBias = weights(CLASSES);

    private float[] weights(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] squares(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= values[i];
        }
        return values;
    }

    /** The probabilities for an image [7, 7, 3]. */
    double[] answer(float[] image) {
        double[][][] x = withBranch(normConv(padded(image)));
        double[] logits = new double[CLASSES];
        for (int k = 0; k < CLASSES; k++) {
            logits[k] = denseBias[k];
            for (int c = 0; c < CHANNELS; c++) {
                logits[k] += average(x, c) * denseKernel[c * CLASSES + k];
            }
        }
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return Arrays.stream(logits).map(logit -> Math.exp(logit) / sum).toArray();
    }

    /** One row on top and below, one column on the left. */
    private static double[][][] padded(float[] image) {
        double[][][] padded = new double[SIZE + 2][SIZE + 1][COLORS];
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                for (int c = 0; c < COLORS; c++) {
                    padded[y + 1][x + 1][c] = image[(y * SIZE + x) * COLORS + c];
                }
            }
        }
        return padded;
    }

    private double[][][] normConv(double[][][] in) {
        double[][][] out = new double[4][4][CHANNELS];
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                for (int k = 0; k < CHANNELS; k++) {
                    double sum = convBias[k];
                    for (int i = 0; i < 3 * 2 * COLORS; i++) { // kernel position (i / 6, i / 3 % 2), channel i % 3
                        sum += in[2 * y + i / 6][2 * x + i / 3 % 2][i % 3] * convKernel[i * CHANNELS + k];
                    }
                    double normal = (sum - mean[k]) / Math.sqrt(variance[k] + 0.001);
                    out[y][x][k] = Math.max(0, gamma[k] * normal + beta[k]);
                }
            }
        }
        return out;
    }

    /** The sum with the branch. */
    private double[][][] withBranch(double[][][] in) {
        double[][][] out = new double[4][4][CHANNELS];
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                for (int k = 0; k < CHANNELS; k++) {
                    double sum = 0;
                    for (int i = 0; i < 3 * 3 * CHANNELS; i++) { // kernel position (i / 12, i / 4 % 3), channel i % 4
                        int row = y + i / 12 - 1;
                        int column = x + i / 4 % 3 - 1;
                        if (row >= 0 && row < 4 && column >= 0 && column < 4) {
                            sum += in[row][column][i % 4] * branchKernel[i * CHANNELS + k];
                        }
                    }
                    out[y][x][k] = in[y][x][k] + Math.max(0, sum);
                }
            }
        }
        return out;
    }

    /** The mean of the four maxima of a channel. */
    private static double average(double[][][] x, int channel) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            int row = 2 * (i / 2);
            int column = 2 * (i % 2);
            sum += Math.max(
                    Math.max(x[row][column][channel], x[row][column + 1][channel]),
                    Math.max(x[row + 1][column][channel], x[row + 1][column + 1][channel]));
        }
        return sum / 4;
    }

    /** The files of the model by name. */
    Map<String, byte[]> files() {
        ByteBuffer all = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] weight :
                new float[][] {convKernel, convBias, gamma, beta, mean, variance, branchKernel, denseKernel, denseBias
                }) {
            for (float value : weight) {
                all.putFloat(value);
            }
        }
        int cut = 4 * convKernel.length + 6;
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("shard2", Arrays.copyOfRange(all.array(), cut, all.position()));
        files.put("shard1", Arrays.copyOf(all.array(), cut));
        files.put("model.json", JSON.getBytes(StandardCharsets.UTF_8));
        return files;
    }

    /** Writes the tarball of an npm package with the model in {@code folder}. */
    Path writeTarball(Path file, String folder) throws IOException {
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
            add(tar, "package/package.json", "{}".getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> entry : files().entrySet()) {
                add(tar, "package/" + folder + "/" + entry.getKey(), entry.getValue());
            }
        }
        return file;
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
