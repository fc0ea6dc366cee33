package dev.sardonyx.tests.peers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.onnx.OperatorTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator with all its attributes, at every opset that changed it: compiled to a jar, and against ONNX Runtime. */
class OperatorPeerTest {

    /** What is compiled together. */
    enum Group {
        WINDOWS(1e-5),
        ELEMENTWISE(1e-6),
        NORMALIZATIONS(1e-5),
        MOVEMENTS(1e-6),
        /** ONNX Runtime rounds float16 after each node. */
        ELEMENT_TYPES(1e-3),
        RANDOM_NETWORKS(1e-5);

        private final double tolerance;

        Group(double tolerance) {
            this.tolerance = tolerance;
        }

        List<OperatorCase> cases() {
            return switch (this) {
                case WINDOWS -> WindowCases.all();
                case ELEMENTWISE -> ElementwiseCases.all();
                case NORMALIZATIONS -> NormalizationCases.all();
                case MOVEMENTS -> MovementCases.all();
                case ELEMENT_TYPES -> ElementTypeCases.all();
                case RANDOM_NETWORKS -> RandomNetworkCases.all();
            };
        }

        /** The operators that the group's cases use at one opset. */
        Set<String> operators(int opset) {
            return PeerModel.of(cases(), opset).operators();
        }
    }

    /** By operator, the opsets of {@code docs/operators.md}: the first and those that changed it. */
    private static final Map<String, SortedSet<Integer>> VERSIONS = OperatorTable.toMarkdown()
            .lines()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| Operator"))
            .map(line -> line.split("\\|"))
            .collect(Collectors.toMap(
                    cells -> cells[1].strip(),
                    cells -> Arrays.stream(cells[2].split(","))
                            .map(cell -> Integer.valueOf(cell.strip()))
                            .collect(Collectors.toCollection(TreeSet::new)),
                    (one, other) -> one,
                    TreeMap::new));

    @TempDir
    private Path folder;

    /** Each group at the opsets that changed one of its operators, and at the newest; in between, nothing is read differently. */
    static Stream<Arguments> groupsAndOpsets() {
        return Arrays.stream(Group.values())
                .flatMap(group -> Stream.concat(
                                group.operators(OperatorTable.NEWEST_OPSET).stream()
                                        .flatMap(operator -> VERSIONS.getOrDefault(operator, new TreeSet<>()).stream()),
                                Stream.of(OperatorTable.NEWEST_OPSET))
                        .distinct()
                        .sorted()
                        .map(opset -> Arguments.of(group, opset)));
    }

    @ParameterizedTest(name = "{0} at opset {1}")
    @MethodSource("groupsAndOpsets")
    void compiled_operators_agree_with_onnx_runtime(Group group, int opset) throws IOException, OrtException {
        Path file = folder.resolve("model.onnx");
        PeerModel model = PeerModel.of(group.cases(), opset);
        model.write(file);
        try (LoadedJar jar = LoadedJar.compile(file, CompileOptions.defaults(), folder.resolve("model.jar"))) {
            Agreement.check(jar.run(model.inputs()), OnnxRuntime.run(file, model.inputs()), group.tolerance);
        }
    }

    @Test
    void no_operator_is_forgotten_at_any_opset() {
        VERSIONS.forEach((operator, opsets) -> assertThat(opsets)
                .as(operator)
                .allMatch(opset -> Stream.of(Group.values())
                        .anyMatch(group -> group.operators(opset).contains(operator))));
    }
}
