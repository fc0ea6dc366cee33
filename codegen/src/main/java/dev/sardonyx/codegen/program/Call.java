package dev.sardonyx.codegen.program;

import java.util.List;

/**
 * One kernel call of a {@link Program}.
 *
 * @param kernel what to compute
 * @param operands what it reads
 * @param output what it writes, completely
 * @param origins names of the ONNX nodes that it covers, as in the file
 */
public record Call(Kernel kernel, List<Operand> operands, Buffer output, List<String> origins) {
    public Call {
        operands = List.copyOf(operands);
        origins = List.copyOf(origins);
    }
}
