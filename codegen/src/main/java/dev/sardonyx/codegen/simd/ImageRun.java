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

    /** The run of calls that gains most by the estimate, if any gains. */
    static Optional<ImageRun> choose(Program program, KernelChoice choice) {
        List<Call> calls = program.calls();
        Optional<ImageRun> best = Optional.empty();
        double most = 0;
        int first = 0;
        double gain = 0;
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            int images = images(call);
            if (gain <= 0 || images != images(calls.get(first))) {
                first = i;
                gain = 0;
            }
            gain += images > 1 ? gain(call, images, choice) : 0;
            if (gain > most) {
                most = gain;
                best = Optional.of(of(program, first, i + 1, images));
            }
        }
        return best;
    }

    /** The batch of a call that can be split by images; 0 for other calls. */
    private static int images(Call call) {
        boolean splits = call.kernel() instanceof Kernel.Convolution || call.kernel() instanceof Kernel.Pooling;
        return splits ? call.output().dim(0) : 0;
    }

    /** What staying in the cache saves, less what reading the weights and filling the tiles once an image costs. */
    private static double gain(Call call, int images, KernelChoice choice) {
        long tensors = call.output().elements();
        for (int operand = 0; operand < call.operands().size(); operand++) {
            tensors += NetworkPlan.buffer(call, operand).elements();
        }
        long bytes = tensors * Float.BYTES;
        double gain = bytes > choice.cacheBytes() ? Roofline.memory((double) bytes) : 0;
        return call.kernel() instanceof Kernel.Convolution convolution
                ? gain - (images * time(convolution, oneImage(call), choice) - time(convolution, call, choice))
                : gain;
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
                .flatMap(operand ->
                        operand instanceof Operand.Variable(Buffer buffer)
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
                .map(operand ->
                        operand instanceof Operand.Variable(Buffer buffer)
                                ? new Operand.Variable(oneImage(buffer))
                                : operand)
                .toList();
        return new Call(call.kernel(), operands, oneImage(call.output()), call.origins());
    }

    private static Buffer oneImage(Buffer buffer) {
        return new Buffer(buffer.id(), List.of(1, buffer.dim(1), buffer.dim(2), buffer.dim(3)));
    }
}
