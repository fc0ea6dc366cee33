package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
        List<List<Saving>> savings = savings(calls, choice);
        double most = 0;
        int bestFirst = 0;
        int bestEnd = 0;
        for (int first = 0; first < calls.size(); first++) {
            int images = images(calls.get(first));
            double gain = 0;
            for (int i = first; i < calls.size() && images > 1 && images(calls.get(i)) == images; i++) {
                for (Saving saving : savings.get(i)) {
                    gain += saving.producer >= first ? saving.time : 0;
                }
                gain -= prices[i];
                if (gain > most) {
                    most = gain;
                    bestFirst = first;
                    bestEnd = i + 1;
                }
            }
        }
        return most > 0 ? Optional.of(of(program, bestFirst, bestEnd)) : Optional.empty();
    }

    /**
     * What it saves that a call finds an operand in the cache: that is then neither written to memory nor read from it.
     *
     * @param producer number of the call that produces the operand, which must be in the run too; −1 for a network's input
     */
    private record Saving(int producer, double time) {}

    private static List<List<Saving>> savings(List<Call> calls, KernelChoice choice) {
        Map<Integer, Integer> producers = new HashMap<>();
        List<List<Saving>> savings = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            savings.add(variables(calls.get(i))
                    .filter(buffer -> bytes(buffer) > choice.cacheBytes())
                    .map(buffer -> new Saving(
                            producers.getOrDefault(buffer.id(), -1),
                            choice.roofline().memory(2 * bytes(buffer))))
                    .toList());
            producers.put(calls.get(i).output().id(), i);
        }
        return savings;
    }

    private static double bytes(Buffer buffer) {
        return (double) buffer.elements() * Float.BYTES;
    }

    /** The batch of a call that can be split by images; 0 for other calls. */
    private static int images(Call call) {
        boolean splits = call.kernel() instanceof Kernel.Convolution || call.kernel() instanceof Kernel.Pooling;
        return splits ? call.output().dim(0) : 0;
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

    private static ImageRun of(Program program, int first, int end) {
        List<Call> calls = program.calls();
        Set<Integer> produced = new HashSet<>();
        calls.subList(first, end).forEach(call -> produced.add(call.output().id()));
        Set<Integer> read = reads(calls.subList(first, end));
        read.removeAll(produced);
        Set<Integer> written = reads(calls.subList(end, calls.size()));
        program.outputs().forEach(port -> written.add(port.buffer().id()));
        written.retainAll(produced);
        return new ImageRun(first, end, images(calls.get(first)), read, written);
    }

    private static Set<Integer> reads(List<Call> calls) {
        return calls.stream()
                .flatMap(ImageRun::variables)
                .map(Buffer::id)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Stream<Buffer> variables(Call call) {
        return call.operands().stream()
                .flatMap(operand ->
                        operand instanceof Operand.Variable(Buffer buffer) ? Stream.of(buffer) : Stream.empty());
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
