package dev.sardonyx.codegen.opencl;

import com.palantir.javapoet.CodeBlock;
import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.opencl.KernelSource.Parameter;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Cost;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.runtime.opencl.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * A kernel of the network's own in the making: binds tensors to parameters, and puts the step into the plan. The output is
 * bound first.
 */
final class GeneratedKernel {

    /** Work-items of a work-group where the kernel does not care. */
    static final int GROUP = 64;

    private final NetworkPlan plan;
    private final String kind;
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Layout> layouts = new ArrayList<>();
    private final List<Constant> constants = new ArrayList<>();

    private GeneratedKernel(NetworkPlan plan, String kind) {
        this.plan = plan;
        this.kind = kind;
    }

    static GeneratedKernel writing(NetworkPlan plan, String kind, Layout out) {
        GeneratedKernel kernel = new GeneratedKernel(plan, kind);
        kernel.bind("y", out);
        return kernel;
    }

    /** The parameter of a tensor that is read. */
    Parameter reading(Layout in) {
        return bind("x" + (parameters.size() - 1), in);
    }

    /** The parameter of a call's operand; a constant is read from the weights. */
    Parameter reading(Call call, int operand) {
        if (call.operands().get(operand) instanceof Operand.Fixed(Constant constant)) {
            constants.add(constant);
            plan.read(StoredConstant.rowMajor(constant));
        }
        return reading(plan.in(call, operand));
    }

    Parameter output() {
        return parameters.getFirst();
    }

    private Parameter bind(String name, Layout layout) {
        plan.used(layout);
        boolean floats = layout.storage() == Layout.VALUES || plan.storages().isExternal(layout.storage());
        Parameter parameter = new Parameter(name, floats);
        parameters.add(parameter);
        layouts.add(layout);
        return parameter;
    }

    /** Ends a kernel of one work-item for each of {@code count} elements, whose number is {@code i}. */
    void forEach(int count, String body, String name, List<String> origins, String algorithm, long macs, long bytes) {
        String guarded = "const uint i = get_global_id(0);\nif (i < %du) {\n%s}\n".formatted(count, body.indent(4));
        long workItems = Math.ceilDiv((long) count, (long) GROUP) * GROUP;
        finish("", guarded, workItems, GROUP, name, origins, algorithm, macs, bytes);
    }

    /** As {@link #forEach(int, String, String, List, String, long, long)} for a call. */
    void forEach(int count, String body, String name, Call call, String algorithm) {
        forEach(count, body, name, call.origins(), algorithm, Cost.of(call).multiplyAccumulates(), plan.bytes(call));
    }

    /** Ends a kernel of {@code count} work-groups of {@code size} work-items. */
    void forEachGroup(int count, int size, String body, String name, Call call, String algorithm) {
        finish(
                "reqd_work_group_size(" + size + ", 1, 1)",
                body,
                (long) count * size,
                size,
                name,
                call.origins(),
                algorithm,
                Cost.of(call).multiplyAccumulates(),
                plan.bytes(call));
    }

    private void finish(
            String attribute,
            String body,
            long workItems,
            int groupSize,
            String name,
            List<String> origins,
            String algorithm,
            long macs,
            long bytes) {
        String kernel = plan.source().kernel(kind, attribute, parameters, body);
        plan.add(new PlannedStep(
                name,
                origins,
                algorithm,
                "",
                macs,
                bytes,
                PlannedStep.of(
                        Step.Generated.class,
                        slots -> CodeBlock.of(
                                "$S, $T.of($L), $LL, $L",
                                kernel,
                                List.class,
                                arguments(slots),
                                workItems,
                                groupSize))));
    }

    private CodeBlock arguments(Storages.Slots slots) {
        List<CodeBlock> arguments = new ArrayList<>();
        int constant = 0;
        for (Layout layout : layouts) {
            arguments.add(
                    layout.storage() == Layout.VALUES
                            ? CodeBlock.of(
                                    "$T.values(weights.next($L))",
                                    Step.Argument.class,
                                    constants.get(constant++).values().length)
                            : CodeBlock.of("$T.slot($L)", Step.Argument.class, slots.of(layout.storage())));
        }
        return CodeBlock.join(arguments, ", ");
    }
}
