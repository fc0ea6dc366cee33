package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Runs a model on tensors from files. Data of several batches, say {@code [6, 3, 32, 32]} for a model with a batch of 2, goes through
 * in as many runs.
 */
final class Batches {

    /** 2^24 may stand for its successor, which float32 does not have. */
    private static final float FIRST_INEXACT = 1 << 24;

    private Batches() {}

    /**
     * Runs {@code model}.
     *
     * @param inputs one tensor per input, in the model's order
     * @return one tensor per output, in the model's order
     * @throws UsageException if a shape is not the model's
     */
    static List<TensorData> run(CompiledModel model, SessionOptions options, List<TensorData> inputs) {
        int batches = count(model, inputs);
        for (int i = 0; i < inputs.size(); i++) {
            requireCarried(model.info().inputs().get(i), inputs.get(i).values());
        }
        List<TensorInfo> outputs = model.info().outputs();
        float[][] all = outputs.stream()
                .map(output -> new float[Math.multiplyExact(output.elements(), batches)])
                .toArray(float[][]::new);
        try (Session session = model.newSession(options)) {
            for (int batch = 0; batch < batches; batch++) {
                float[][] in = new float[inputs.size()][];
                for (int i = 0; i < in.length; i++) {
                    int length = model.info().inputs().get(i).elements();
                    in[i] = Arrays.copyOfRange(inputs.get(i).values(), batch * length, (batch + 1) * length);
                }
                float[][] out = outputs.stream()
                        .map(output -> new float[output.elements()])
                        .toArray(float[][]::new);
                session.run(in, out);
                for (int i = 0; i < out.length; i++) {
                    System.arraycopy(out[i], 0, all[i], batch * out[i].length, out[i].length);
                }
            }
        }
        List<TensorData> results = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            TensorInfo output = outputs.get(i);
            results.add(new TensorData(output.name(), output.elementType(), times(output.shape(), batches), all[i]));
        }
        return results;
    }

    /** Fails unless the values of an integer input are whole numbers that float32 holds exactly. */
    private static void requireCarried(TensorInfo input, float[] values) {
        if (input.elementType().isFloatingPoint()) {
            return;
        }
        for (float value : values) {
            if (value != Math.rint(value) || Math.abs(value) >= FIRST_INEXACT) {
                throw new UsageException(
                        "input '%s' is %s, but the file holds %s; whole numbers below 2^24 are supported"
                                .formatted(
                                        input.name(), input.elementType().name().toLowerCase(Locale.ROOT), value));
            }
        }
    }

    /** In how many runs {@code inputs} go through the model. */
    static int count(CompiledModel model, List<TensorData> inputs) {
        List<TensorInfo> infos = model.info().inputs();
        int batches = inputs.isEmpty()
                ? 1
                : ratio(infos.getFirst().shape(), inputs.getFirst().shape());
        boolean sliceable = batches == 1 || sharesBatch(model);
        for (int i = 0; i < infos.size(); i++) {
            TensorInfo info = infos.get(i);
            List<Integer> shape = inputs.get(i).shape();
            if (sliceable && fits(shape, info.shape()) && ratio(info.shape(), shape) != batches) {
                throw new UsageException(
                        "the files hold different numbers of batches: %d for input '%s', %d for input '%s'"
                                .formatted(batches, infos.getFirst().name(), ratio(info.shape(), shape), info.name()));
            }
            if (!sliceable || !shape.equals(times(info.shape(), batches))) {
                throw new UsageException(
                        "input '" + info.name() + "' is " + info.shape() + ", but the file holds " + shape);
            }
        }
        return batches;
    }

    /** Whether data of shape {@code data} can be one or several batches of {@code model}. */
    static boolean fits(List<Integer> data, List<Integer> model) {
        return data.equals(times(model, ratio(model, data)));
    }

    private static int ratio(List<Integer> model, List<Integer> data) {
        if (model.isEmpty() || data.isEmpty() || model.getFirst() == 0 || data.getFirst() % model.getFirst() != 0) {
            return 1; // equal shapes, or an error anyway
        }
        return Math.max(1, data.getFirst() / model.getFirst());
    }

    /** Whether the first dimension of all inputs and outputs is one batch, as far as shapes tell. */
    private static boolean sharesBatch(CompiledModel model) {
        int batch = model.info().inputs().getFirst().shape().getFirst();
        List<TensorInfo> all = new ArrayList<>(model.info().inputs());
        all.addAll(model.info().outputs());
        return all.stream()
                .allMatch(tensor -> tensor.shape().size() > 1 && tensor.shape().getFirst() == batch);
    }

    private static List<Integer> times(List<Integer> shape, int batches) {
        if (batches == 1) {
            return shape;
        }
        List<Integer> larger = new ArrayList<>(shape);
        larger.set(0, Math.multiplyExact(shape.getFirst(), batches));
        return larger;
    }
}
