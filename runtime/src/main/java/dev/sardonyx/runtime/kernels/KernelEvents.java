package dev.sardonyx.runtime.kernels;

/** Where a profiled session reports its kernels: JDK Flight Recorder, if the JVM has it. */
public interface KernelEvents {

    /** A kernel starts in this thread. */
    void begin();

    /** The kernel that started last in this thread is done. */
    void end(StepInfo step, long nanoseconds);

    /** A kernel is done that ran somewhere else, for {@code nanoseconds} by a clock that is not the JVM's. */
    void add(StepInfo step, long nanoseconds);

    KernelEvents NONE = new KernelEvents() {
        @Override
        public void begin() {}

        @Override
        public void end(StepInfo step, long nanoseconds) {}

        @Override
        public void add(StepInfo step, long nanoseconds) {}
    };

    static KernelEvents recording() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new FlightRecorderEvents() : NONE;
    }
}
