package dev.sardonyx.codegen.program;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What a call or a program costs, whatever the target.
 *
 * @param multiplyAccumulates multiply-accumulate operations of convolutions and matrix products, taps on padding included,
 *     as papers count them
 * @param parameters number of elements of the distinct constants
 */
public record Cost(long multiplyAccumulates, long parameters) {

    public static Cost of(Program program) {
        return of(program.calls());
    }

    public static Cost of(Call call) {
        return of(List.of(call));
    }

    private static Cost of(Collection<Call> calls) {
        long multiplyAccumulates = 0;
        Set<Constant> constants = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Call call : calls) {
            multiplyAccumulates += multiplyAccumulates(call);
            addConstants(call, constants);
        }
        long parameters = constants.stream()
                .mapToLong(constant -> constant.values().length)
                .sum();
        return new Cost(multiplyAccumulates, parameters);
    }

    private static long multiplyAccumulates(Call call) {
        long outputs = call.output().elements();
        return switch (call.kernel()) {
            case Kernel.Convolution convolution -> {
                Constant weights = convolution.weights();
                yield outputs * weights.dim(1) * weights.dim(2) * weights.dim(3);
            }
            case Kernel.MatrixProduct _ ->
                outputs * call.operands().getFirst().shape().getLast();
            case Kernel.Pooling _,
                    Kernel.Reduction _,
                    Kernel.Pointwise _,
                    Kernel.Softmax _,
                    Kernel.LocalResponseNormalization _,
                    Kernel.Reshape _,
                    Kernel.Copy _ -> 0;
        };
    }

    private static void addConstants(Call call, Set<Constant> constants) {
        if (call.kernel() instanceof Kernel.Convolution convolution) {
            constants.add(convolution.weights());
            convolution.bias().ifPresent(constants::add);
        }
        for (Operand operand : call.operands()) {
            if (operand instanceof Operand.Fixed fixed) {
                constants.add(fixed.constant());
            }
        }
    }
}
