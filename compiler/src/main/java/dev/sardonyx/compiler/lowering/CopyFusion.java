package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Kernel.Region;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes Copies in a row one: the shortcut of CIFAR ResNets without weights, say, which takes every second pixel and pads the
 * channels.
 *
 * <pre>
 *   x ─→ Copy(every second pixel) ─→ Copy(into the middle channels, else 0) ─→ y
 *                               ⇒
 *   x ─→ Copy(every second pixel into the middle channels, else 0) ─→ y
 * </pre>
 *
 * <p>Not where the two fill what nothing covers with different values and both are seen.
 */
final class CopyFusion {

    /** Two Copies of many boxes each would become one of their product. */
    private static final int MAX_REGIONS = 64;

    private CopyFusion() {}

    static Program apply(Program program) {
        return ChainFusion.apply(program, CopyFusion::join);
    }

    private static Optional<Call> join(Call first, Call second) {
        if (!(first.kernel() instanceof Kernel.Copy inner)
                || !(second.kernel() instanceof Kernel.Copy outer)
                || (long) inner.regions().size() * outer.regions().size() > MAX_REGIONS) {
            return Optional.empty();
        }
        int joint = second.operands().indexOf(new Operand.Variable(first.output()));
        Operands operands = new Operands();
        List<Region> regions = new ArrayList<>();
        for (Region region : outer.regions()) {
            if (region.operand() == joint) {
                for (Region read : inner.regions()) {
                    int operand = operands.position(first.operands().get(read.operand()));
                    Regions.compose(region, read, operand).ifPresent(regions::add);
                }
            } else {
                int operand = operands.position(second.operands().get(region.operand()));
                regions.add(Regions.withOperand(region, operand));
            }
        }
        if (regions.isEmpty()) {
            return Optional.empty();
        }
        List<String> origins = Origins.union(first.origins(), second.origins());
        return fill(inner, first, outer, second)
                .map(fill -> new Call(new Kernel.Copy(regions, fill), operands.list(), second.output(), origins));
    }

    /** What to give the elements that no box covers, if it is one value for all. */
    private static Optional<Float> fill(Kernel.Copy inner, Call first, Kernel.Copy outer, Call second) {
        if (Regions.covered(inner) == first.output().elements()) {
            return Optional.of(outer.fill());
        }
        if (Regions.covered(outer) == second.output().elements()) {
            return Optional.of(inner.fill());
        }
        return Float.floatToRawIntBits(inner.fill()) == Float.floatToRawIntBits(outer.fill())
                ? Optional.of(outer.fill())
                : Optional.empty();
    }
}
