package dev.sardonyx.runtime.kernels;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One event per kernel and run, named {@code dev.sardonyx.Kernel}. */
final class FlightRecorderEvents implements KernelEvents {

    @Name("dev.sardonyx.Kernel")
    @Label("Kernel")
    @Category("Sardonyx")
    @StackTrace(false)
    static final class KernelEvent extends Event {
        @Label("Name")
        String name = "";

        @Label("Algorithm")
        String algorithm = "";

        @Label("Multiply-accumulates")
        long multiplyAccumulates;
    }

    private KernelEvent event = new KernelEvent();

    @Override
    public void begin() {
        event = new KernelEvent();
        event.begin();
    }

    @Override
    public void end(StepInfo step) {
        event.end();
        if (event.shouldCommit()) {
            event.name = step.name();
            event.algorithm = step.algorithm();
            event.multiplyAccumulates = step.multiplyAccumulates();
            event.commit();
        }
    }
}
