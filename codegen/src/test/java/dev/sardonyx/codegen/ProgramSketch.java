package dev.sardonyx.codegen;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.ProgramVerifier;
import dev.sardonyx.runtime.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Builds programs for tests, call by call. */
final class ProgramSketch {

    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Port> inputs = new ArrayList<>();
    private final List<Port> outputs = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();

    Buffer input(Integer... shape) {
        return input(List.of(shape));
    }

    Buffer input(List<Integer> shape) {
        Buffer buffer = buffer(shape);
        inputs.add(port("x" + inputs.size(), buffer));
        return buffer;
    }

    /** Adds a call that reads buffers. */
    Buffer call(Kernel kernel, List<Integer> shape, Buffer... operands) {
        return call(
                kernel,
                shape,
                Stream.of(operands).<Operand>map(Operand.Variable::new).toList());
    }

    Buffer call(Kernel kernel, List<Integer> shape, List<Operand> operands) {
        Buffer output = buffer(shape);
        calls.add(new Call(kernel, operands, output, List.of("node" + calls.size())));
        return output;
    }

    ProgramSketch output(Buffer buffer) {
        outputs.add(port("y" + outputs.size(), buffer));
        return this;
    }

    List<Buffer> buffers() {
        return List.copyOf(buffers);
    }

    Program build(Buffer... results) {
        Stream.of(results).forEach(this::output);
        Program program = new Program(inputs, outputs, buffers, calls);
        ProgramVerifier.verify(program);
        return program;
    }

    private Buffer buffer(List<Integer> shape) {
        Buffer buffer = new Buffer(buffers.size(), shape);
        buffers.add(buffer);
        return buffer;
    }

    private static Port port(String name, Buffer buffer) {
        return new Port(name, ElementType.FLOAT32, buffer);
    }
}
