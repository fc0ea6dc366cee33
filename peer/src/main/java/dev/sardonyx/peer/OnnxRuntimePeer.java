package dev.sardonyx.peer;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.sardonyx.compiler.bench.Peer;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.TensorInfo;
import dev.sardonyx.runtime.cli.UsageException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** ONNX Runtime, on the processor. */
public final class OnnxRuntimePeer implements Peer {

    @Override
    public String name() {
        return "ort";
    }

    @Override
    public String description() {
        return "ONNX Runtime " + environment().getVersion();
    }

    @Override
    public Peer.Session open(Path model, ModelInfo info, int threads) {
        Stream.concat(info.inputs().stream(), info.outputs().stream())
                .filter(tensor -> tensor.elementType() != ElementType.FLOAT32)
                .findFirst()
                .ifPresent(tensor -> {
                    throw new UsageException(model + ": only float32 can be compared with the peer, not " + tensor);
                });
        try {
            return OnnxRuntimeSession.open(environment(), model, info, threads);
        } catch (OrtException e) {
            throw new UsageException(model + ": ONNX Runtime refuses it (" + e.getMessage() + ")", e);
        }
    }

    /** One a process; it ends with it. */
    private static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    }

    /** Elements of a tensor's shape as ONNX Runtime takes it. */
    static long[] dims(TensorInfo tensor) {
        return tensor.shape().stream().mapToLong(Integer::longValue).toArray();
    }
}
