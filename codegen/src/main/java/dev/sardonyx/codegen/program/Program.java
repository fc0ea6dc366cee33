package dev.sardonyx.codegen.program;

import java.util.List;

/**
 * A network as an ordered list of kernel calls: no ONNX in it, no layout, no hardware. Every buffer is written once, by an
 * input or one call, before it is read. An output's buffer may also be an input's or be read by later calls.
 *
 * @param inputs inputs in the graph's order
 * @param outputs outputs in the graph's order
 * @param buffers all tensors; a buffer's id is its position
 * @param calls in an order that respects the data flow
 */
public record Program(List<Port> inputs, List<Port> outputs, List<Buffer> buffers, List<Call> calls) {
    public Program {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        buffers = List.copyOf(buffers);
        calls = List.copyOf(calls);
    }
}
