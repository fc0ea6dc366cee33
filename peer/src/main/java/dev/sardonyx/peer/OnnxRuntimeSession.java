package dev.sardonyx.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.sardonyx.compiler.bench.Peer;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A session that runs as ONNX Runtime is fastest from Java: on direct buffers, bound once, for inputs and outputs. */
final class OnnxRuntimeSession implements Peer.Session {

    private final OrtSession session;
    private final Tensors inputs;
    private final Tensors outputs;
    private final int threads;

    private OnnxRuntimeSession(OrtSession session, Tensors inputs, Tensors outputs, int threads) {
        this.session = session;
        this.inputs = inputs;
        this.outputs = outputs;
        this.threads = threads;
    }

    static OnnxRuntimeSession open(OrtEnvironment environment, Path model, ModelInfo info, int threads)
            throws OrtException {
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(OptLevel.ALL_OPT);
            options.setExecutionMode(ExecutionMode.SEQUENTIAL);
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            OrtSession session = environment.createSession(model.toString(), options);
            return new OnnxRuntimeSession(
                    session, Tensors.of(environment, info.inputs()), Tensors.of(environment, info.outputs()), threads);
        }
    }

    @Override
    public String settings() {
        return "intra-op threads " + threads
                + " (its default: they spin between kernels), inter-op threads 1, sequential, all"
                + " optimisations, direct buffers for inputs and outputs";
    }

    @Override
    public void set(float[][] values) {
        for (int i = 0; i < values.length; i++) {
            inputs.buffers.get(i).put(0, values[i]);
        }
    }

    @Override
    public void run() {
        try {
            session.run(inputs.byName, outputs.byName).close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed", e);
        }
    }

    @Override
    public void get(float[][] values) {
        for (int i = 0; i < values.length; i++) {
            outputs.buffers.get(i).get(0, values[i]);
        }
    }

    @Override
    public void close() {
        inputs.close();
        outputs.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed", e);
        }
    }

    /** Tensors in memory of ours. */
    private record Tensors(Map<String, OnnxTensor> byName, List<FloatBuffer> buffers) {

        static Tensors of(OrtEnvironment environment, List<TensorInfo> tensors) throws OrtException {
            Map<String, OnnxTensor> byName = new LinkedHashMap<>();
            List<FloatBuffer> buffers = new ArrayList<>();
            for (TensorInfo tensor : tensors) {
                FloatBuffer buffer = ByteBuffer.allocateDirect(tensor.elements() * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                byName.put(tensor.name(), OnnxTensor.createTensor(environment, buffer, OnnxRuntimePeer.dims(tensor)));
                buffers.add(buffer);
            }
            return new Tensors(byName, buffers);
        }

        void close() {
            byName.values().forEach(OnnxTensor::close);
        }
    }
}
