package dev.sardonyx.peer;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.sardonyx.compiler.bench.Peer;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.TensorInfo;
import dev.sardonyx.runtime.cli.StartReport;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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

    @Override
    public List<String> startArguments(Path model, ModelInfo info, int threads, Duration duration) {
        List<String> arguments = new ArrayList<>(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Stream.of(OrtEnvironment.class, OnnxRuntimeStart.class, StartReport.class)
                        .map(OnnxRuntimePeer::place)
                        .collect(Collectors.joining(File.pathSeparator)),
                OnnxRuntimeStart.class.getName(),
                model.toString(),
                Integer.toString(threads),
                Long.toString(duration.toMillis())));
        for (TensorInfo input : info.inputs()) {
            arguments.add(input.name());
            arguments.add(input.shape().stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        return arguments;
    }

    /** The jar or folder that a class comes from: the JVM shall open no other. */
    private static String place(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
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
