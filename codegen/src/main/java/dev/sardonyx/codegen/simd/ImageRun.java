package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Neighbouring calls that take a batch image by image: each image goes through all of them before the next one, so that what they leave to
 * each other stays in the cache and needs memory for one image only. The price is that weights are read once an image, so it pays
 * where maps are large and weights few: at the beginning of a network.
 *
 * @param first number of the first call
 * @param end one more than the number of the last
 * @param images how many there are in the batch
 * @param read buffers that they read and earlier calls wrote
 * @param written buffers that they write and later calls, or the caller, read
 */
record ImageRun(int first, int end, int images, Set<Integer> read, Set<Integer> written) {

    ImageRun {
        read = Set.copyOf(read);
        written = Set.copyOf(written);
    }

    /** The run that gains most by the estimate, if any gains. */
    static Optional<ImageRun> choose(Program program, KernelChoice choice) {
        List<Call> calls = program.calls();
        double[] prices =
                calls.stream().mapToDouble(call -> price(call, choice)).toArray();
        Optional<ImageRun> best = Optional.empty();
        double most = 0;
        for (int first = 0; first < calls.size(); first++) {
            int images = images(calls.get(first));
            Set<Integer> produced = new HashSet<>();
            double gain = 0;
            for (int i = first; i < calls.size() && images > 1 && images(calls.get(i)) == images; i++) {
                Call call = calls.get(i);
                gain += saving(call, produced, choice) - prices[i];
                produced.add(call.output().id());
                if (gain > most) {
                    most = gain;
                    best = Optional.of(of(program, first, i + 1, images));
                }
            }
        }
        return best;
    }

    /** The batch of a call that can be split by images; 0 for other calls. */
    private static int images(Call call) {
        boolean splits = call.kernel() instanceof Kernel.Convolution || call.kernel() instanceof Kernel.Pooling;
        return splits ? call.output().dim(0) : 0;
    }

    /** What it saves that a call finds in the cache what earlier calls of the run have {@code produced}: it is written and read. */
    private static double saving(Call call, Set<Integer> produced, KernelChoice choice) {
        return IntStream.range(0, call.operands().size())
                .mapToObj(operand -> NetworkPlan.buffer(call, operand))
                .filter(buffer -> produced.contains(buffer.id()))
                .mapToDouble(buffer -> (double) buffer.elements() * Float.BYTES)
                .filter(bytes -> bytes > choice.cacheBytes())
                .map(bytes -> Roofline.memory(2 * bytes))
                .sum();
    }

    /** What it costs to read a call's weights and to fill its last tiles once an image. */
    private static double price(Call call, KernelChoice choice) {
        return call.kernel() instanceof Kernel.Convolution convolution
                ? call.output().dim(0) * time(convolution, oneImage(call), choice) - time(convolution, call, choice)
                : 0;
    }

    private static double time(Kernel.Convolution convolution, Call call, KernelChoice choice) {
        return choice.algorithm(convolution, NetworkPlan.buffer(call, 0), call.output())
                .time();
    }

    private static ImageRun of(Program program, int first, int end, int images) {
        List<Call> calls = program.calls();
        Set<Integer> produced = new HashSet<>();
        Set<Integer> read = new HashSet<>();
        calls.subList(first, end).forEach(call -> {
            read.addAll(reads(call));
            produced.add(call.output().id());
        });
        read.removeAll(produced);
        Set<Integer> written = new HashSet<>();
        calls.subList(end, calls.size()).forEach(call -> written.addAll(reads(call)));
        program.outputs().forEach(port -> written.add(port.buffer().id()));
        written.retainAll(produced);
        return new ImageRun(first, end, images, read, written);
    }

    private static List<Integer> reads(Call call) {
        return call.operands().stream()
                .flatMap(operand -> operand instanceof Operand.Variable(Buffer buffer)
                        ? IntStream.of(buffer.id()).boxed()
                        : Stream.<Integer>empty())
                .toList();
    }

    /** The program's calls, those of this run on one image. */
    List<Call> calls(Program program) {
        List<Call> calls = program.calls();
        return IntStream.range(0, calls.size())
                .mapToObj(i -> first <= i && i < end ? oneImage(calls.get(i)) : calls.get(i))
                .toList();
    }

    private static Call oneImage(Call call) {
        List<Operand> operands = call.operands().stream()
                .map(operand -> operand instanceof Operand.Variable(Buffer buffer)
                        ? new Operand.Variable(oneImage(buffer))
                        : operand)
                .toList();
        return new Call(call.kernel(), operands, oneImage(call.output()), call.origins());
    }

    private static Buffer oneImage(Buffer buffer) {
        return new Buffer(buffer.id(), List.of(1, buffer.dim(1), buffer.dim(2), buffer.dim(3)));
    }
}
