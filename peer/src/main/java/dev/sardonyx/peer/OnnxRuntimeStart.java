package dev.sardonyx.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.sardonyx.runtime.cli.StartReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** A service's start with ONNX Runtime: loads a model, answers once, goes on answering; prints a {@link StartReport}. */
public final class OnnxRuntimeStart {

    private static final long SEED = 42;

    private OnnxRuntimeStart() {}

    /**
     * Starts.
     *
     * @param args the ONNX file, the number of threads, how long to answer in milliseconds; then the name of each input and its
     *     dimensions, joined by commas
     */
    public static void main(String[] args) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(Integer.parseInt(args[1]));
            options.setInterOpNumThreads(1);
            OrtSession session = environment.createSession(args[0], options);
            Map<String, OnnxTensor> inputs = new HashMap<>();
            for (int i = 3; i < args.length; i += 2) {
                inputs.put(args[i], input(environment, args[i + 1]));
            }
            StartReport.print(new Answer(session, inputs), Duration.ofMillis(Long.parseLong(args[2])), System.out);
        }
    }

    private static OnnxTensor input(OrtEnvironment environment, String dims) throws OrtException {
        String[] words = dims.isEmpty() ? new String[0] : dims.split(",", -1);
        long[] shape = new long[words.length];
        int elements = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Long.parseLong(words[i]);
            elements = Math.multiplyExact(elements, (int) shape[i]);
        }
        FloatBuffer values = ByteBuffer.allocateDirect(elements * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        Random random = new Random(SEED);
        for (int i = 0; i < elements; i++) {
            values.put(i, random.nextFloat());
        }
        return OnnxTensor.createTensor(environment, values, shape);
    }

    private record Answer(OrtSession session, Map<String, OnnxTensor> inputs) implements Runnable {
        @Override
        public void run() {
            try {
                session.run(inputs).close();
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime failed", e);
            }
        }
    }
}
