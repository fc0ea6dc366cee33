package dev.sardonyx.codegen.interpreter;

import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs programs and single kernel calls: slow, obvious, and independent of any target, so that targets can be checked against
 * it. Tensors are row-major.
 *
 * <p>Sums and transcendental functions are computed in double precision and rounded once; every operation of a pointwise
 * expression is rounded to float. NaN propagates, through maxima too.
 */
public final class ProgramInterpreter {

    private ProgramInterpreter() {}

    /**
     * The program's outputs.
     *
     * @param inputs in the program's order, each of its buffer's size
     * @throws IllegalArgumentException if number or sizes of the inputs differ from the program's
     */
    public static List<float[]> run(Program program, List<float[]> inputs) {
        if (inputs.size() != program.inputs().size()) {
            throw new IllegalArgumentException(program.inputs().size() + " inputs expected, not " + inputs.size());
        }
        Map<Buffer, float[]> values = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Buffer buffer = program.inputs().get(i).buffer();
            requireSize(inputs.get(i), buffer.shape());
            values.put(buffer, inputs.get(i));
        }
        for (Call call : program.calls()) {
            List<float[]> operands = new ArrayList<>();
            for (Operand operand : call.operands()) {
                operands.add(
                        switch (operand) {
                            case Operand.Variable variable -> value(values, variable.buffer());
                            case Operand.Fixed fixed -> fixed.constant().values();
                        });
            }
            values.put(call.output(), evaluate(call, operands));
        }
        return program.outputs().stream()
                .map(output -> value(values, output.buffer()))
                .toList();
    }

    /**
     * What one call writes.
     *
     * @param operands the values of {@link Call#operands}, constants included
     * @throws IllegalArgumentException if number or sizes of the operands differ from the call's
     */
    public static float[] evaluate(Call call, List<float[]> operands) {
        if (operands.size() != call.operands().size()) {
            throw new IllegalArgumentException(call.operands().size() + " operands expected, not " + operands.size());
        }
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            List<Integer> shape = call.operands().get(i).shape();
            requireSize(operands.get(i), shape);
            tensors.add(new Tensor(shape, operands.get(i)));
        }
        Tensor output = Tensor.zeros(call.output().shape());
        Tensor first = tensors.getFirst();
        switch (call.kernel()) {
            case Kernel.Convolution convolution -> Windows.convolution(convolution, tensors, output);
            case Kernel.Pooling pooling -> Windows.pooling(pooling, first, output);
            case Kernel.Reduction reduction -> Lines.reduction(reduction, first, output);
            case Kernel.Softmax softmax -> Lines.softmax(softmax, first, output);
            case Kernel.LocalResponseNormalization norm -> Lines.localResponseNormalization(norm, first, output);
            case Kernel.Pointwise pointwise -> Elements.pointwise(pointwise, tensors, output);
            case Kernel.MatrixProduct _ -> Elements.matrixProduct(first, tensors.get(1), output);
            case Kernel.Reshape _ -> System.arraycopy(first.values(), 0, output.values(), 0, first.values().length);
            case Kernel.Copy copy -> Elements.copy(copy, tensors, output);
        }
        return output.values();
    }

    private static float[] value(Map<Buffer, float[]> values, Buffer buffer) {
        float[] value = values.get(buffer);
        if (value == null) {
            throw new IllegalArgumentException(buffer + " is read before it is written");
        }
        return value;
    }

    private static void requireSize(float[] values, List<Integer> shape) {
        int expected = shape.stream().reduce(1, Math::multiplyExact);
        if (values.length != expected) {
            throw new IllegalArgumentException(values.length + " values are no tensor of shape " + shape);
        }
    }
}
