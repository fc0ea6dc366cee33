package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.Execution;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.kernels.StepInfo;
import dev.sardonyx.runtime.kernels.WeightReader;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs a kernel with a defect, which a checker must find. The argument says which: {@code race} or {@code overrun}. */
public final class PlantedDefect {

    private static final int SIZE = 64;

    private static final String SOURCE = """
        __kernel void race(__global float *y, __global const float *x) {
            __local float last;
            last = x[get_global_id(0)];
            barrier(CLK_LOCAL_MEM_FENCE);
            y[get_global_id(0)] = last;
        }

        __kernel void overrun(__global float *y, __global const float *x) {
            y[get_global_id(0) + 1] = x[get_global_id(0)];
        }
        """;

    private PlantedDefect() {}

    public static void main(String[] args) {
        Step step = new Step.Generated(
                new StepInfo(args[0], "", 0, 0),
                args[0],
                List.of(Step.Argument.slot(1), Step.Argument.slot(0)),
                SIZE,
                SIZE);
        Network network = new Network() {
            @Override
            public int inputs() {
                return 1;
            }

            @Override
            public int outputs() {
                return 1;
            }

            @Override
            public int batch() {
                return 1;
            }

            @Override
            public Precision precision() {
                return Precision.FP32;
            }

            @Override
            public int[] slotSizes() {
                return new int[] {SIZE, SIZE};
            }

            @Override
            public void forEachStep(WeightReader weights, Consumer<Step> consumer) {
                consumer.accept(step);
            }
        };
        Devices.Handle device = Devices.choose(Optional.empty());
        KernelChoice choice = new KernelChoice(device.device(), Precision.FP32);
        float[] x = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            x[i] = i;
        }
        try (OpenClEngine engine = OpenClEngine.load(
                        device, SOURCE, network, new WeightReader(InputStream.nullInputStream()), choice::algorithm);
                Execution execution = engine.newExecution(SessionOptions.defaults())) {
            execution.run(new float[][] {x}, new float[][] {new float[SIZE]});
        }
    }
}
