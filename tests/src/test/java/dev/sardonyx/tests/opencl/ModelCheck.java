package dev.sardonyx.tests.opencl;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import dev.sardonyx.runtime.opencl.Precision;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Compiles whole networks for OpenCL and compares them with ONNX Runtime: the sample and one of each generated family, made
 * small. Says {@code ok NAME} or {@code FAILED NAME: REASON}, a line for each.
 */
public final class ModelCheck {

    private static final GenerateOptions SMALL = GenerateOptions.defaults()
            .withWidthDivisor(16)
            .withInputSize(33)
            .withBatch(2)
            .withClasses(7);

    private static final List<String> FAMILIES =
            List.of("resnet18", "resnet50", "cifar-preact20", "cifar-resnet20-a", "vgg16");

    private static final List<Precision> TENSOR = List.of(Precision.TF32X3, Precision.TF32, Precision.FP16);

    /** Those that have convolutions large enough for Winograd's filtering. */
    private static final Set<String> FILTERED = Set.of("sample", "sample in tf32x3");

    private ModelCheck() {}

    /**
     * Checks all networks, on emulated tensor cores where a precision is theirs; {@code args} are the sample model and a folder for
     * temporary files.
     */
    public static void main(String[] args) throws Exception {
        System.setProperty("sardonyx.opencl.emulate", "true");
        Path folder = Path.of(args[1]);
        boolean good = check("sample", Path.of(args[0]), folder, Precision.FP32);
        good &= check("sample in half", Path.of(args[0]), folder, Precision.FP16_STORAGE);
        for (Precision precision : TENSOR) {
            good &= check("sample in " + precision.id(), Path.of(args[0]), folder, precision);
        }
        for (String name : FAMILIES) {
            Path model = folder.resolve(name + ".onnx");
            ModelZoo.write(name, SMALL, model);
            good &= check(name, model, folder, Precision.FP32);
        }
        Path generated = folder.resolve("resnet18.onnx");
        for (Precision precision : List.of(Precision.TF32X3, Precision.FP16)) {
            good &= check("resnet18 in " + precision.id(), generated, folder, precision);
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean check(String name, Path model, Path folder, Precision precision) throws Exception {
        CompileResult result = SardonyxCompiler.compile(
                model, CompileOptions.defaults().withTarget("opencl").withPrecision(precision));
        Path jar = folder.resolve(name + ".jar");
        result.writeJar(jar);
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ModelCheck.class.getClassLoader());
                CompiledModel loaded = (CompiledModel)
                        loader.loadClass(result.className()).getMethod("load").invoke(null);
                Session session = loaded.newSession();
                Session second = loaded.newSession(SessionOptions.defaults().withProfiling(true))) {
            TensorInfo input = loaded.info().inputs().getFirst();
            float[] pixels = new float[input.elements()];
            Random random = new Random(3);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextGaussian();
            }
            float[] own = run(session, loaded, pixels);
            String problem = compare(onnxRuntime(model, input, pixels), own, precision);
            if (problem.isEmpty() && !java.util.Arrays.equals(own, run(second, loaded, pixels))) {
                problem = "a second session gives another answer";
            }
            if (problem.isEmpty()
                    && second.profile().stream()
                                    .mapToLong(kernel -> kernel.nanoseconds())
                                    .sum()
                            <= 0) {
                problem = "the profile holds no time";
            }
            if (problem.isEmpty()
                    && FILTERED.contains(name)
                    && second.profile().stream()
                            .noneMatch(kernel -> kernel.algorithm().startsWith("Winograd"))) {
                problem = "nothing is computed by Winograd's filtering";
            }
            System.out.println(problem.isEmpty() ? "ok " + name : "FAILED " + name + ": " + problem);
            return problem.isEmpty();
        } finally {
            Files.delete(jar);
        }
    }

    private static float[] run(Session session, CompiledModel model, float[] pixels) {
        float[][] out = {new float[model.info().outputs().getFirst().elements()]};
        session.run(new float[][] {pixels.clone()}, out);
        session.run(new float[][] {pixels}, out);
        return out[0];
    }

    private static float[] onnxRuntime(Path file, TensorInfo input, float[] pixels) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] dims = input.shape().stream().mapToLong(Integer::longValue).toArray();
        try (var options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(file.toString(), options);
                OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), dims);
                OrtSession.Result result = session.run(Map.of(input.name(), tensor))) {
            FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] values = new float[logits.remaining()];
            logits.get(values);
            return values;
        }
    }

    /**
     * The project's tolerance, as {@code verify} has it, which tf32x3 meets as well. In half, and where factors have as many bits,
     * 2^-11 for each of some twenty tensors in a row, were all errors to add up.
     */
    private static String compare(float[] expected, float[] actual, Precision precision) {
        float absolute = switch (precision) {
            case FP32, TF32X3 -> 1e-4f;
            case FP16_STORAGE, TF32, FP16 -> 1e-2f;
        };
        float scale = 0;
        for (float value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= absolute * scale + 1e-3f * Math.abs(expected[i]))) {
                return "element " + i + " is " + actual[i] + ", not " + expected[i];
            }
        }
        return "";
    }
}
