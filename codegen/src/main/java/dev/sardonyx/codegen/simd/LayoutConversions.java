package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Kernel.Region;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What layout planning saves: with these copies in it, a program keeps every image row-major between kernels, and a convolution or
 * pooling has its operands and its result converted.
 *
 * <pre>
 *   a ─ Convolution ─ b ─ Pooling ─ c   ⇒   a ─ Copy ─ Convolution ─ Copy ─ b ─ Copy ─ Pooling ─ Copy ─ c
 * </pre>
 */
final class LayoutConversions {

    private final List<Buffer> buffers;
    private final List<Call> calls = new ArrayList<>();

    private LayoutConversions(List<Buffer> buffers) {
        this.buffers = new ArrayList<>(buffers);
    }

    static Program insert(Program program) {
        LayoutConversions conversions = new LayoutConversions(program.buffers());
        program.calls().forEach(conversions::add);
        return new Program(program.inputs(), program.outputs(), conversions.buffers, conversions.calls);
    }

    private void add(Call call) {
        switch (call.kernel()) {
            case Kernel.Convolution _, Kernel.Pooling _ -> {
                List<Operand> operands = call.operands().stream()
                        .map(operand -> converted(operand, call))
                        .toList();
                Buffer result = isConverted(call.output()) ? like(call.output()) : call.output();
                calls.add(new Call(call.kernel(), operands, result, call.origins()));
                if (!result.equals(call.output())) {
                    calls.add(copy(result, call.output(), call));
                }
            }
            default -> calls.add(call);
        }
    }

    private Operand converted(Operand operand, Call reader) {
        if (operand instanceof Operand.Variable(Buffer buffer) && isConverted(buffer)) {
            Buffer image = like(buffer);
            calls.add(copy(buffer, image, reader));
            return new Operand.Variable(image);
        }
        return operand;
    }

    /** Images of one pixel lie the same either way. */
    private static boolean isConverted(Buffer image) {
        return image.dim(2) * image.dim(3) > 1;
    }

    private Buffer like(Buffer buffer) {
        Buffer copy = new Buffer(buffers.size(), buffer.shape());
        buffers.add(copy);
        return copy;
    }

    private static Call copy(Buffer from, Buffer to, Call origin) {
        int rank = from.rank();
        List<Integer> zeros = Collections.nCopies(rank, 0);
        Region all = new Region(
                0,
                from.shape(),
                zeros,
                zeros,
                Collections.nCopies(rank, 1),
                IntStream.range(0, rank).boxed().toList());
        return new Call(new Kernel.Copy(List.of(all), 0), List.of(new Operand.Variable(from)), to, origin.origins());
    }
}
