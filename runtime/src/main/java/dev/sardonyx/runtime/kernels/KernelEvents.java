package dev.sardonyx.runtime.kernels;

/** Where a profiled session reports its kernels: JDK Flight Recorder, if the JVM has it. */
interface KernelEvents {

    void begin();

    void end(StepInfo step);

    KernelEvents NONE = new KernelEvents() {
        @Override
        public void begin() {}

        @Override
        public void end(StepInfo step) {}
    };

    static KernelEvents recording() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new FlightRecorderEvents() : NONE;
    }
}
