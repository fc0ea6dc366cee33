package dev.sardonyx.tests.peers;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ONNX Runtime, with all its graph optimisations off and one thread: the reference that shares no line with Sardonyx. */
public final class OnnxRuntime {

    private OnnxRuntime() {}

    /**
     * Runs a model once.
     *
     * @param inputs one tensor per input, by its name
     * @return the outputs in the model's order
     */
    public static List<TensorData> run(Path model, List<TensorData> inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try (var options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OptLevel.NO_OPT);
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            try (OrtSession session = environment.createSession(model.toString(), options)) {
                for (TensorData input : inputs) {
                    tensors.put(input.name(), tensor(environment, input));
                }
                try (OrtSession.Result result = session.run(tensors)) {
                    List<TensorData> outputs = new ArrayList<>();
                    for (Map.Entry<String, OnnxValue> output : result) {
                        outputs.add(data(output.getKey(), (OnnxTensor) output.getValue()));
                    }
                    return outputs;
                }
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, TensorData data) throws OrtException {
        long[] shape = data.shape().stream().mapToLong(Integer::longValue).toArray();
        if (data.elementType() == ElementType.FLOAT32) {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(data.values()), shape);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(
                        data.values().length * data.elementType().bytes())
                .order(ByteOrder.nativeOrder());
        for (float value : data.values()) {
            switch (data.elementType()) {
                case FLOAT32 -> bytes.putFloat(value);
                case FLOAT64 -> bytes.putDouble(value);
                case FLOAT16 -> bytes.putShort(Float.floatToFloat16(value));
                case INT64 -> bytes.putLong((long) value);
                case INT32 -> bytes.putInt((int) value);
                case INT16 -> bytes.putShort((short) value);
                case INT8, UINT8, BOOL -> bytes.put((byte) value);
            }
        }
        return OnnxTensor.createTensor(environment, bytes.flip(), shape, javaType(data.elementType()));
    }

    private static OnnxJavaType javaType(ElementType type) {
        return switch (type) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case INT64 -> OnnxJavaType.INT64;
            case INT32 -> OnnxJavaType.INT32;
            case INT16 -> OnnxJavaType.INT16;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case BOOL -> OnnxJavaType.BOOL;
        };
    }

    private static TensorData data(String name, OnnxTensor tensor) {
        List<Integer> shape = Arrays.stream(tensor.getInfo().getShape())
                .mapToObj(Math::toIntExact)
                .toList();
        ElementType type = elementType(tensor.getInfo().type);
        ByteBuffer bytes = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
        float[] values = new float[bytes.remaining() / type.bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case FLOAT32 -> bytes.getFloat();
                case FLOAT64 -> (float) bytes.getDouble();
                case FLOAT16 -> Float.float16ToFloat(bytes.getShort());
                case INT64 -> bytes.getLong();
                case INT32 -> bytes.getInt();
                case INT16 -> bytes.getShort();
                case UINT8 -> bytes.get() & 0xff;
                case INT8, BOOL -> bytes.get();
            };
        }
        return new TensorData(name, type, shape, values);
    }

    private static ElementType elementType(OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> ElementType.FLOAT32;
            case DOUBLE -> ElementType.FLOAT64;
            case FLOAT16 -> ElementType.FLOAT16;
            case INT64 -> ElementType.INT64;
            case INT32 -> ElementType.INT32;
            case INT16 -> ElementType.INT16;
            case INT8 -> ElementType.INT8;
            case UINT8 -> ElementType.UINT8;
            case BOOL -> ElementType.BOOL;
            case STRING, BFLOAT16, UNKNOWN ->
                throw new IllegalArgumentException(type + " is no type that Sardonyx has");
        };
    }
}
