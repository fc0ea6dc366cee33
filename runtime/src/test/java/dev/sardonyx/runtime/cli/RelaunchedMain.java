package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.kernels.VectorApi;
import java.util.List;

/** The main class of a jar that {@link VectorApiRelaunchTest} starts: its model is called like the state of its JVM. */
final class RelaunchedMain {

    private RelaunchedMain() {}

    public static void main(String[] args) {
        ModelMain.main(args, RelaunchedMain.class, RelaunchedMain::load);
    }

    private static CompiledModel load() {
        String state = "vector="
                + VectorApi.isPresent()
                + " word=" + System.getProperty("word", "none")
                + " relaunched="
                + System.getProperty("sardonyx.relaunched", "no").replaceAll("[0-9]+", "yes")
                + " heap=" + (Runtime.getRuntime().maxMemory() >> 20);
        return FakeModel.of(
                List.of(FakeModel.tensor(state, 1)), List.of(FakeModel.tensor("y", 1)), (in, out) -> sleepIfAsked());
    }

    private static void sleepIfAsked() {
        try {
            Thread.sleep(Long.getLong("sleep", 0));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
