package dev.sardonyx.compiler.lowering;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;

/** How often the buffers of a program are read, by calls and as outputs. */
final class Readers {

    private final int[] counts;

    Readers(Program program) {
        counts = new int[program.buffers().size()];
        program.outputs().forEach(output -> counts[output.buffer().id()]++);
        for (Call call : program.calls()) {
            for (Operand operand : call.operands()) {
                if (operand instanceof Operand.Variable variable) {
                    counts[variable.buffer().id()]++;
                }
            }
        }
    }

    /** Whether one operand of one call is all that reads the buffer. */
    boolean isReadOnce(Buffer buffer) {
        return counts[buffer.id()] == 1;
    }
}
