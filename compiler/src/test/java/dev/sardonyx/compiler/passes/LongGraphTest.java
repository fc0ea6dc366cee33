package dev.sardonyx.compiler.passes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Op;
import dev.sardonyx.compiler.graph.Shape;
import dev.sardonyx.compiler.graph.Value;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Chains of 20,000 nodes. A recursive pass overflows the stack on them. All passes together need about a second of the
 * processor's time; one that is quadratic, some 10^8 steps, needs more than the limit.
 */
class LongGraphTest {

    private static final int LENGTH = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(12);

    /** A name, and what one link of the chain does to [1, 2, 1, 1]. */
    static Stream<Arguments> chains() {
        return Stream.of(
                chain("Relu", Net::relu),
                chain("Relu and Clip", (net, x) -> net.node(new Op.Clip(-1, 1), net.relu(x))),
                chain("BatchNormalization", Net::batchNorm),
                chain("Mul", (net, x) -> net.mul(x, net.constant(Shape.of(2, 1, 1), 1, -1))),
                chain("Add", (net, x) -> net.add(x, net.constant(Shape.of(2, 1, 1), 1, -1))),
                chain("Add of 0", (net, x) -> net.add(x, net.constant(Shape.of(), 0))),
                chain("Add to itself", (net, x) -> net.add(x, x)),
                chain("Transpose", (net, x) -> net.node(new Op.Transpose(List.of(1, 0, 2, 3)), x)),
                chain(
                        "Slice",
                        (net, x) -> net.node(
                                new Op.Slice(List.of(0, 1, 0, 0), List.of(1, -1, 1, 1), List.of(1, 2, 1, 1)), x)),
                chain(
                        "Pad",
                        (net, x) -> net.node(
                                new Op.Pad(List.of(0, 0, 0, 0), List.of(0, 0, 0, 1), Op.Pad.Mode.CONSTANT, 0), x)),
                chain(
                        "Reshape",
                        (net, x) -> net.node(
                                new Op.Reshape(x.shape().rank() == 4 ? Shape.of(1, 2) : Shape.of(1, 2, 1, 1)), x)),
                chain(
                        "Reshape and Relu",
                        (net, x) -> net.relu(net.node(
                                new Op.Reshape(x.shape().rank() == 4 ? Shape.of(1, 2) : Shape.of(1, 2, 1, 1)), x))),
                chain(
                        "pooling",
                        (net, x) -> net.node(new Op.MaxPool(Window.of(3, 3).withPads(1, 1, 1, 1), false), x)),
                chain(
                        "Pad and pooling",
                        (net, x) -> net.node(
                                new Op.MaxPool(Window.of(2, 2), false),
                                net.node(
                                        new Op.Pad(List.of(0, 0, 0, 0), List.of(0, 0, 1, 1), Op.Pad.Mode.CONSTANT, 0),
                                        x))),
                chain("Conv", (net, x) -> net.conv(x, 2)),
                chain("residual block", (net, x) -> net.relu(net.add(net.batchNorm(net.conv(x, 2)), x))),
                chain("before", (net, x) -> net.conv(net.batchNorm(net.relu(x)), 2, Window.of(1, 1), 1, false)));
    }

    private static Arguments chain(String name, BiFunction<Net, Value, Value> link) {
        return Arguments.of(name, link);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chains")
    void afterAConv(String name, BiFunction<Net, Value, Value> link) {
        Net net = new Net(1);
        Value y = net.conv(net.input(1, 2, 1, 1), 2);
        while (net.size() < LENGTH) {
            y = link.apply(net, y);
        }
        Graph graph = net.build(y);

        long before = processorTime();
        Graph optimised = PassPipeline.run(graph, PassOptions.ALL).graph();
        long time = processorTime() - before;

        assertThat(optimised.nodes().size()).isLessThanOrEqualTo(graph.nodes().size());
        assertThat(Duration.ofNanos(time)).isLessThan(LIMIT);
    }

    /** Of this thread, so that a busy machine does not matter. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
