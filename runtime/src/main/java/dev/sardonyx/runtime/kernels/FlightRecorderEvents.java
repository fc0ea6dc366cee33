package dev.sardonyx.runtime.kernels;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * One event per kernel and run, named {@code dev.sardonyx.Kernel}. Kernels of a device are reported together after the run, by
 * events that have no duration: their time is in {@code time}, as everyone's is.
 */
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

        @Label("Time")
        @Timespan(Timespan.NANOSECONDS)
        long time;
    }

    private KernelEvent event = new KernelEvent();

    @Override
    public void begin() {
        event = new KernelEvent();
        event.begin();
    }

    @Override
    public void end(StepInfo step, long nanoseconds) {
        event.end();
        commit(event, step, nanoseconds);
    }

    @Override
    public void add(StepInfo step, long nanoseconds) {
        commit(new KernelEvent(), step, nanoseconds);
    }

    private static void commit(KernelEvent event, StepInfo step, long nanoseconds) {
        if (event.shouldCommit()) {
            event.name = step.name();
            event.algorithm = step.algorithm();
            event.multiplyAccumulates = step.multiplyAccumulates();
            event.time = nanoseconds;
            event.commit();
        }
    }
}
