package dev.sardonyx.compiler.cli;

import static dev.sardonyx.compiler.onnx.OnnxWriter.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Tensor;
import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in a model are data: they come back from the API as they were, and change nothing else. */
class NastyNamesTest {

    private static final List<String> NASTY = List.of(
            "\"; System.exit(7); //",
            "*/ class X { /*",
            "\\u002a/ class X { /\\u002a",
            "\\",
            "${java.home} $L $T $S $N $$ $>",
            "%s %n %",
            "line\nbreak\r\n\ttab",
            "\0\u0007\u001b[31m\u009b0m",
            "\u202eright to left\u2066",
            "<script>alert('&amp;')</script></pre>@see {@code",
            "../../../../tmp/x",
            "int",
            "arguments",
            "\ud83d\udc08 \u732b",
            "   ",
            "n".repeat(500));

    private static final List<String> TAME =
            NASTY.stream().map(name -> "v" + NASTY.indexOf(name)).toList();

    @TempDir
    static Path folder;

    private static Path nasty = Path.of("");
    private static Path tame = Path.of("");

    @BeforeAll
    static void compile() throws IOException {
        nasty = compile(NASTY, "nasty");
        tame = compile(TAME, "tame");
    }

    /** An output per name: abs(input) as relu(-x) + relu(x), where x is the input of that name. */
    private static Path write(List<String> names, Path file) throws IOException {
        OnnxWriter model = new OnnxWriter(names.getFirst());
        model.metadata(names.get(1), names.get(2)).producer(names.get(3), names.get(4));
        for (String name : names) {
            String x = model.input(name, ElementType.FLOAT32, 1, 3);
            String minus = model.initializer("w" + name, Tensor.of(Shape.of(1), -1f));
            String negative = model.node("m" + name, "Mul", List.of(x, minus), attrs());
            String left = model.node("l" + name, "Relu", List.of(negative), attrs());
            String right = model.node("r" + name, "Relu", List.of(x), attrs());
            model.output(model.node("y" + name, "Add", List.of(left, right), attrs()), ElementType.FLOAT32, 1, 3);
        }
        model.write(file);
        return file;
    }

    private static Path compile(List<String> names, String file) throws IOException {
        Path jar = folder.resolve(file + ".jar");
        Outcome outcome = Sardonyx.run(
                "compile",
                write(names, folder.resolve(file + ".onnx")),
                "-o",
                jar,
                "--class",
                "Net",
                "--package",
                "test.names",
                "--emit-source",
                folder.resolve(file),
                "--report",
                folder.resolve(file + ".html"),
                "--dump");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]").doesNotContain("\u202e", "\u2066");
        return jar;
    }

    @Test
    void the_api_gives_them_back() throws IOException {
        try (CompiledJar loaded = CompiledJar.open(nasty);
                Session session = loaded.model().newSession()) {
            assertThat(loaded.model().info().inputs())
                    .extracting(TensorInfo::name)
                    .isEqualTo(NASTY);
            for (int i = 0; i < NASTY.size(); i++) {
                session.set(NASTY.get(i), new float[] {i, -i, -1});
            }
            session.run();
            for (int i = 0; i < NASTY.size(); i++) {
                float[] result = new float[3];
                session.get("y" + NASTY.get(i), result);
                assertThat(result).containsExactly(i, i, 1);
            }
        }
    }

    @Test
    void they_change_no_entry_of_the_jar_and_no_type_or_member() throws IOException {
        assertThat(entries(nasty)).isEqualTo(entries(tame));
        try (CompiledJar one = CompiledJar.open(nasty);
                CompiledJar other = CompiledJar.open(tame)) {
            assertThat(members(one)).isEqualTo(members(other));
        }
    }

    @Test
    void the_sources_are_printable_and_compile() throws IOException {
        List<Path> sources;
        try (var files = Files.walk(folder.resolve("nasty"))) {
            sources = files.filter(Files::isRegularFile).toList();
        }
        assertThat(sources).hasSizeGreaterThan(1);
        for (Path source : sources) {
            assertThat(Files.readString(source).chars()).allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'));
        }
        List<String> arguments = new ArrayList<>(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.resolve("classes").toString()));
        sources.forEach(source -> arguments.add(source.toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    @Test
    void the_report_shows_them_as_text() {
        assertThat(folder.resolve("nasty.html"))
                .content()
                .doesNotContain("<script", "\u202e", "\u001b")
                .contains("&lt;script&gt;");
    }

    private static List<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).toList();
        }
    }

    private static List<String> members(CompiledJar jar) {
        Class<?> type = jar.model().getClass();
        return Stream.<Object[]>of(type.getDeclaredMethods(), type.getDeclaredFields(), type.getDeclaredClasses())
                .flatMap(Arrays::stream)
                .map(Object::toString)
                .sorted()
                .toList();
    }
}
