package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.Engine;
import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.KernelProfile;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import java.util.List;
import java.util.function.BiConsumer;

/** A model whose network is any function of arrays. */
final class FakeModel extends CompiledModel {

    private FakeModel(ModelInfo info, Engine engine) {
        super(info, engine);
    }

    static FakeModel of(List<TensorInfo> inputs, List<TensorInfo> outputs, BiConsumer<float[][], float[][]> network) {
        ModelInfo info = new ModelInfo("Fake", "c0ffee", "--target simd", "1.2.3", inputs, outputs, 1234567, 1_000_000);
        return new FakeModel(info, new FakeEngine(network));
    }

    /** One input {@code x} and one output {@code y} of the same shape; y = 2x. */
    static FakeModel doubling(Integer... shape) {
        return of(List.of(tensor("x", shape)), List.of(tensor("y", shape)), (in, out) -> {
            for (int i = 0; i < in[0].length; i++) {
                out[0][i] = 2 * in[0][i];
            }
        });
    }

    /** One picture of 3 x 2 x 2; the output has its first three values. */
    static FakeModel classifier(float... logits) {
        return of(
                List.of(tensor("image", 1, 3, 2, 2)),
                List.of(tensor("logits", 1, logits.length)),
                (in, out) -> System.arraycopy(logits, 0, out[0], 0, logits.length));
    }

    static TensorInfo tensor(String name, Integer... shape) {
        return new TensorInfo(name, ElementType.FLOAT32, List.of(shape));
    }

    private record FakeEngine(BiConsumer<float[][], float[][]> network) implements Engine {

        @Override
        public String description() {
            return "fake \u001b[31mengine";
        }

        @Override
        public Execution newExecution(SessionOptions options) {
            return new FakeExecution(network, options);
        }

        @Override
        public void close() {}
    }

    private static final class FakeExecution implements Execution {

        private final BiConsumer<float[][], float[][]> network;
        private final SessionOptions options;
        private int runs;

        FakeExecution(BiConsumer<float[][], float[][]> network, SessionOptions options) {
            this.network = network;
            this.options = options;
        }

        @Override
        public void run(float[][] inputs, float[][] outputs) {
            network.accept(inputs, outputs);
            runs++;
        }

        @Override
        public List<KernelProfile> profile() {
            return options.profiling()
                    ? List.of(new KernelProfile("conv1", "direct", runs, runs * 2_000_000L, 4_000_000, 8_000))
                    : List.of();
        }

        @Override
        public void close() {}
    }
}
