package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Drops the calls on which no output depends, and numbers the buffers that are left. */
final class DeadCalls {

    private final List<Buffer> buffers = new ArrayList<>();
    private final Map<Buffer, Buffer> renumbered = new HashMap<>();

    private DeadCalls() {}

    static Program drop(Program program) {
        return new DeadCalls().renumber(program, liveCalls(program));
    }

    private static List<Call> liveCalls(Program program) {
        Set<Buffer> needed = new HashSet<>();
        program.outputs().forEach(output -> needed.add(output.buffer()));
        List<Call> live = new ArrayList<>();
        for (Call call : program.calls().reversed()) {
            if (needed.contains(call.output())) {
                live.add(call);
                for (Operand operand : call.operands()) {
                    if (operand instanceof Operand.Variable(Buffer buffer)) {
                        needed.add(buffer);
                    }
                }
            }
        }
        return live.reversed();
    }

    private Program renumber(Program program, List<Call> live) {
        List<Port> inputs = program.inputs().stream().map(this::renumber).toList();
        List<Call> calls = new ArrayList<>();
        for (Call call : live) {
            List<Operand> operands =
                    call.operands().stream().map(this::renumber).toList();
            calls.add(new Call(call.kernel(), operands, renumber(call.output()), call.origins()));
        }
        List<Port> outputs = program.outputs().stream().map(this::renumber).toList();
        return new Program(inputs, outputs, buffers, calls);
    }

    private Port renumber(Port port) {
        return new Port(port.name(), port.elementType(), renumber(port.buffer()));
    }

    private Operand renumber(Operand operand) {
        return switch (operand) {
            case Operand.Variable(Buffer buffer) -> new Operand.Variable(renumber(buffer));
            case Operand.Fixed fixed -> fixed;
        };
    }

    private Buffer renumber(Buffer buffer) {
        return renumbered.computeIfAbsent(buffer, old -> {
            Buffer fresh = new Buffer(buffers.size(), old.shape());
            buffers.add(fresh);
            return fresh;
        });
    }
}
