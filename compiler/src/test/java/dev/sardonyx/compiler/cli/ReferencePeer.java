package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.bench.Peer;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.cli.StartReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An engine that computes {@link TinyModel}: class k is the mean over pixels of relu(2·k·(sum over channels) - 1), plus an error. */
record ReferencePeer(float error) implements Peer {

    private static final int PIXELS = 8 * 8;

    @Override
    public String name() {
        return "ref";
    }

    @Override
    public String description() {
        return "Reference 1.0";
    }

    @Override
    public List<String> startArguments(Path model, ModelInfo info, int threads, Duration duration) {
        return List.of("-cp", System.getProperty("java.class.path"), ReferencePeer.class.getName());
    }

    /** A process that starts at once and is fast at once. */
    public static void main(String[] args) {
        StartReport.print(() -> {}, Duration.ZERO, System.out);
    }

    @Override
    public Peer.Session open(Path file, ModelInfo info, int threads) {
        return new Computation(error);
    }

    private static final class Computation implements Peer.Session {

        private final float error;
        private float[] in = {};
        private final float[] result = new float[4];

        Computation(float error) {
            this.error = error;
        }

        @Override
        public String settings() {
            return "as it comes";
        }

        @Override
        public void set(float[][] inputs) {
            in = inputs[0].clone();
        }

        @Override
        public void run() {
            for (int k = 0; k < result.length; k++) {
                float sum = 0;
                for (int i = 0; i < PIXELS; i++) {
                    sum += Math.max(2 * k * (in[i] + in[PIXELS + i] + in[2 * PIXELS + i]) - 1, 0);
                }
                result[k] = sum / PIXELS + error;
            }
        }

        @Override
        public void get(float[][] outputs) {
            System.arraycopy(result, 0, outputs[0], 0, result.length);
        }

        @Override
        public void close() {}
    }
}
