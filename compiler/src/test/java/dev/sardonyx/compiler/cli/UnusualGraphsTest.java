package dev.sardonyx.compiler.cli;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.Session;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs that press on the limits of class files. */
class UnusualGraphsTest {

    /** HotSpot does not compile longer methods. */
    private static final int HUGE_METHOD_LIMIT = 8000;

    @TempDir
    Path folder;

    private Path compile(OnnxWriter model) throws IOException {
        Path file = folder.resolve("m.onnx");
        Path jar = folder.resolve("m.jar");
        model.write(file);
        Outcome outcome = Sardonyx.run("compile", file, "-o", jar);
        assertThat(outcome.err()).isEmpty();
        return jar;
    }

    @Test
    void more_inputs_and_outputs_than_a_method_has_parameters() throws IOException {
        int count = 260;
        OnnxWriter model = new OnnxWriter("ports");
        for (int i = 0; i < count; i++) {
            String x = model.input("x" + i, ElementType.FLOAT32, 1, 1, 1, 2);
            model.output(model.node("y" + i, "Relu", List.of(x), attrs()), ElementType.FLOAT32, 1, 1, 1, 2);
        }

        Path jar = compile(model);

        assertNoHugeMethod(jar);
        try (CompiledJar loaded = CompiledJar.open(jar);
                Session session = loaded.model().newSession()) {
            session.set("x259", new float[] {-1, 2});
            session.run();
            float[] y = new float[2];
            session.get("y259", y);
            assertThat(y).containsExactly(0, 2);
        }
    }

    @Test
    void an_output_that_is_an_input() throws IOException {
        OnnxWriter model = new OnnxWriter("identity");
        model.output(model.input("x", ElementType.FLOAT32, 2), ElementType.FLOAT32, 2);

        try (CompiledJar loaded = CompiledJar.open(compile(model));
                Session session = loaded.model().newSession()) {
            session.set("x", new float[] {3, 4});
            session.run();
            float[] x = new float[2];
            session.get("x", x);
            assertThat(x).containsExactly(3, 4);
        }
    }

    @Test
    void names_that_no_record_component_can_have() throws IOException {
        OnnxWriter model = new OnnxWriter("names");
        String x = model.input("x", ElementType.FLOAT32, 2);
        for (String name : List.of("to_string", "hashCode", "wait", "int", "results", "9")) {
            model.output(model.node(name, "Relu", List.of(x), attrs()), ElementType.FLOAT32, 2);
        }

        try (CompiledJar loaded = CompiledJar.open(compile(model))) {
            assertThat(loaded.model().info().outputs()).hasSize(6);
        }
    }

    @Test
    void a_chain_of_many_convolutions() throws IOException {
        OnnxWriter model = new OnnxWriter("chain");
        String value = model.input("x", ElementType.FLOAT32, 1, 2, 3, 3);
        String weights = model.initializer("w", Tensor.of(Shape.of(2, 2, 1, 1), 1f, 0f, 0f, 1f));
        for (int i = 0; i < 300; i++) {
            value = model.node("c" + i, "Conv", List.of(value, weights), attrs());
        }
        model.output(value, ElementType.FLOAT32, 1, 2, 3, 3);

        assertNoHugeMethod(compile(model));
    }

    private static void assertNoHugeMethod(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().endsWith(".class")) {
                    byte[] bytes = file.getInputStream(entry).readAllBytes();
                    for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
                        method.findAttribute(Attributes.code())
                                .map(CodeAttribute::codeLength)
                                .ifPresent(length -> assertThat(length)
                                        .as(entry + " " + method.methodName())
                                        .isLessThanOrEqualTo(HUGE_METHOD_LIMIT));
                    }
                }
            }
        }
    }
}
