package dev.sardonyx.runtime;

import java.util.List;

/**
 * What a compiled model says of itself.
 *
 * @param name the simple name of the generated class
 * @param sourceSha256 SHA-256 of the ONNX file it was compiled from, in lower-case hexadecimal
 * @param options the compile options, as text
 * @param compilerVersion the version of the compiler that wrote the jar
 * @param inputs the inputs, in the graph's order
 * @param outputs the outputs, in the graph's order
 * @param parameters number of trained parameters
 * @param multiplyAccumulates multiply-accumulate operations of one inference
 */
public record ModelInfo(
        String name,
        String sourceSha256,
        String options,
        String compilerVersion,
        List<TensorInfo> inputs,
        List<TensorInfo> outputs,
        long parameters,
        long multiplyAccumulates) {

    public ModelInfo {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
