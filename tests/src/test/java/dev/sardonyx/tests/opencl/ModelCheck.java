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
import java.util.stream.Stream;

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

    private static final String SAMPLE = "sample";

    /** What is compiled in other precisions than float32: each precision once, for building kernels takes nearly all of the time. */
    private static final List<Variant> VARIANTS = List.of(
            new Variant(SAMPLE, Precision.FP16_STORAGE),
            new Variant(SAMPLE, Precision.TF32X3),
            new Variant("resnet18", Precision.TF32),
            new Variant("resnet18", Precision.FP16));

    /** What the campaign compiles besides. */
    private static final List<Variant> MORE_VARIANTS = List.of(
            new Variant(SAMPLE, Precision.TF32),
            new Variant(SAMPLE, Precision.FP16),
            new Variant("resnet18", Precision.TF32X3));

    private record Variant(String network, Precision precision) {

        @Override
        public String toString() {
            return precision == Precision.FP32 ? network : network + " in " + precision.id();
        }

        /** Whether it has convolutions large enough for Winograd's filtering, in a precision that allows it. */
        boolean isFiltered() {
            return network.equals(SAMPLE) && (precision == Precision.FP32 || precision == Precision.TF32X3);
        }
    }

    private ModelCheck() {}

    /**
     * Checks the networks in float32 and some in other precisions, on emulated tensor cores where those are theirs; {@code args} are the
     * sample model and a folder for temporary files, and {@code more} for what takes long.
     */
    public static void main(String[] args) throws Exception {
        System.setProperty("sardonyx.opencl.emulate", "true");
        Path folder = Path.of(args[1]);
        for (String name : FAMILIES) {
            ModelZoo.write(name, SMALL, folder.resolve(name + ".onnx"));
        }
        List<Variant> variants = args.length > 2
                ? MORE_VARIANTS
                : Stream.concat(
                                Stream.concat(Stream.of(SAMPLE), FAMILIES.stream())
                                        .map(name -> new Variant(name, Precision.FP32)),
                                VARIANTS.stream())
                        .toList();
        boolean good = true;
        for (Variant variant : variants) {
            Path model =
                    variant.network().equals(SAMPLE) ? Path.of(args[0]) : folder.resolve(variant.network() + ".onnx");
            good &= check(variant, model, folder);
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean check(Variant variant, Path model, Path folder) throws Exception {
        Precision precision = variant.precision();
        CompileResult result = SardonyxCompiler.compile(
                model, CompileOptions.defaults().withTarget("opencl").withPrecision(precision));
        Path jar = folder.resolve(variant + ".jar");
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
                    && variant.isFiltered()
                    && second.profile().stream()
                            .noneMatch(kernel -> kernel.algorithm().startsWith("Winograd"))) {
                problem = "nothing is computed by Winograd's filtering";
            }
            System.out.println(problem.isEmpty() ? "ok " + variant : "FAILED " + variant + ": " + problem);
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
