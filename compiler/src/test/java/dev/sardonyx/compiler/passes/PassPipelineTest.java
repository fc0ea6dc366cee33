package dev.sardonyx.compiler.passes;

import static dev.sardonyx.compiler.passes.GraphAssert.assertGraph;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.GraphPrinter;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PassPipelineTest {

    private static Graph optimise(Graph graph, String... disabled) {
        return PassPipeline.run(graph, PassOptions.without(Set.of(disabled))).graph();
    }

    @Property(tries = 100)
    void keepsWhatIsComputed(@ForAll long seed) {
        Graph graph = RandomNet.graph(seed);

        assertGraph(optimise(graph)).computesTheSameAs(graph);
    }

    @Property(tries = 30)
    void eachPassKeepsWhatIsComputed(@ForAll long seed) {
        Graph graph = RandomNet.graph(seed);

        for (Pass pass : PassPipeline.PASSES) {
            assertGraph(pass.apply(graph)).as(pass.name()).computesTheSameAs(graph);
        }
    }

    @Property(tries = 20)
    void anyPassCanBeLeftOut(@ForAll long seed) {
        Graph graph = RandomNet.graph(seed);

        for (String name : PassPipeline.names()) {
            assertGraph(optimise(graph, name)).as("without " + name).computesTheSameAs(graph);
        }
    }

    @Property(tries = 100)
    void eachPassFindsNothingMoreToDoInItsResult(@ForAll long seed) {
        Graph graph = RandomNet.graph(seed);

        for (Pass pass : PassPipeline.PASSES) {
            graph = pass.apply(graph);
            assertThat(pass.apply(graph)).as(pass.name()).isSameAs(graph);
        }
    }

    @Property(tries = 50)
    void nothingIsLeftThatNobodyReads(@ForAll long seed) {
        Graph optimised = optimise(RandomNet.graph(seed));

        assertThat(new EliminateDeadCode().apply(optimised)).isSameAs(optimised);
    }

    @Property(tries = 20)
    void twoRunsGiveTheSame(@ForAll long seed) {
        assertThat(GraphPrinter.print(optimise(RandomNet.graph(seed))))
                .isEqualTo(GraphPrinter.print(optimise(RandomNet.graph(seed))));
    }

    /** Two residual blocks, the second with a projection, between a stem and a classifier. */
    private static Graph resNet() {
        Net net = new Net(1);
        Value x = net.input(1, 3, 8, 8);
        Value stem = net.relu(net.batchNorm(net.conv(x, 4)));
        Value y = net.relu(net.batchNorm(net.conv(stem, 4)));
        Value first = net.relu(net.add(net.batchNorm(net.conv(y, 4)), stem));
        Window half = Window.of(3, 3).withPads(1, 1, 1, 1).withStrides(2, 2);
        y = net.relu(net.batchNorm(net.conv(first, 6, half, 1, false)));
        y = net.batchNorm(net.conv(y, 6));
        Value shortcut = net.batchNorm(net.conv(first, 6, Window.of(1, 1).withStrides(2, 2), 1, false));
        Value second = net.relu(net.add(y, shortcut));
        Value pooled = net.node(new Op.AveragePool(Window.of(4, 4), false, false), second);
        Value flat = net.node(new Op.Reshape(Shape.of(1, 6)), pooled);
        return net.build(net.node(new Op.Gemm(1, 1, false, true), flat, net.scale(10, 6), net.shift(10)));
    }

    @Test
    void aResNetBecomesItsConvolutions() {
        Graph graph = resNet();

        assertGraph(optimise(graph))
                .hasOps("Conv", "Conv", "Conv", "Conv", "Conv", "Conv", "GlobalAveragePool", "Conv", "Reshape")
                .computesTheSameAs(graph);
    }

    @Test
    void eachPassReportsWhatItDid() {
        List<PassReport> reports = PassPipeline.run(resNet(), PassOptions.ALL).reports();

        assertThat(reports).extracting(report -> report.pass().name()).isEqualTo(PassPipeline.names());
        assertThat(reports)
                .flatExtracting(report -> report.summary().stream().toList())
                .containsExactly(
                        "1 AveragePool recognised as global pooling",
                        "6 BatchNormalization folded into the weights before",
                        "1 Gemm made a Conv",
                        "2 Reshape merged",
                        "2 Add fused as residual",
                        "5 Relu fused as activation");
    }

    @Test
    void theReportTellsWhatBecameOfEachNode() {
        Net net = new Net(2);
        Value x = net.input(1, 2, 4, 4);
        net.node(new Op.Tanh(), x);
        Graph graph = net.build(net.relu(net.batchNorm(net.conv(x, 3))));

        List<PassReport> reports = PassPipeline.run(graph, PassOptions.ALL).reports();

        assertThat(reports)
                .flatExtracting(PassReport::changes)
                .containsExactly(
                        new PassReport.Change(List.of("Tanh0"), Optional.empty()),
                        new PassReport.Change(List.of("Conv1", "BatchNormalization2"), Optional.of("Conv")),
                        new PassReport.Change(List.of("Conv1", "BatchNormalization2", "Relu3"), Optional.of("Conv")));
    }

    @Test
    void whatIsLeftOutDoesNotHappen() {
        Graph graph = resNet();

        assertGraph(optimise(graph, "fold-batch-norm", "fuse-activation", "gemm-to-conv"))
                .hasOps(
                        "Conv",
                        "BatchNormalization",
                        "Relu",
                        "Conv",
                        "BatchNormalization",
                        "Relu",
                        "Conv",
                        "BatchNormalization",
                        "Add",
                        "Relu",
                        "Conv",
                        "BatchNormalization",
                        "Relu",
                        "Conv",
                        "BatchNormalization",
                        "Conv",
                        "BatchNormalization",
                        "Add",
                        "Relu",
                        "GlobalAveragePool",
                        "Reshape",
                        "Gemm");
        assertThat(PassPipeline.run(graph, PassOptions.without(Set.of("fold-batch-norm")))
                        .reports())
                .extracting(report -> report.pass().name())
                .doesNotContain("fold-batch-norm")
                .hasSize(PassPipeline.PASSES.size() - 1);
    }

    @ParameterizedTest
    @MethodSource("names")
    void stopsAfterAnyPass(String name) {
        List<String> seen = new ArrayList<>();
        Graph graph = resNet();

        PassPipeline.run(graph, new PassOptions(Set.of(), Optional.of(name), (pass, result) -> {
            assertGraph(result).computesTheSameAs(graph);
            seen.add(pass.name());
        }));

        assertThat(seen).isEqualTo(PassPipeline.names().subList(0, seen.size())).endsWith(name);
    }

    static List<String> names() {
        return PassPipeline.names();
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void aNameThatThereIsNotIsRefused(PassOptions options) {
        assertThatThrownBy(() -> PassPipeline.run(resNet(), options))
                .isInstanceOf(UnknownPassException.class)
                .hasMessage("no pass is named 'fuse\\u001b[31m'; the passes are "
                        + String.join(", ", PassPipeline.names()));
    }

    static List<PassOptions> unknown() {
        String name = "fuse\u001b[31m";
        return List.of(
                PassOptions.without(Set.of("fuse-bias", name)),
                new PassOptions(Set.of(), Optional.of(name), (_, _) -> {}));
    }

    @Test
    void namesAreDistinctAndPlain() {
        assertThat(PassPipeline.names()).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
    }
}
