package dev.sardonyx.tests.jars;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.zoo.GenerateOptions;
import dev.sardonyx.compiler.zoo.ModelZoo;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.tests.peers.LoadedJar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sessions at work at the same time, of one model and of two, give the bits that each gives alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("alone")
class ConcurrencyTest {

    private static final int INPUTS = 4;
    private static final int RUNS = 40;

    private final List<LoadedJar> jars = new ArrayList<>();

    @BeforeAll
    void compile(@TempDir Path folder) throws IOException {
        for (String name : List.of("cifar-resnet20-b", "cifar-preact20")) {
            Path onnx = folder.resolve(name + ".onnx");
            ModelZoo.write(name, GenerateOptions.defaults().withInputSize(16).withWidthDivisor(2), onnx);
            jars.add(LoadedJar.compile(onnx, CompileOptions.defaults(), folder.resolve(name + ".jar")));
        }
    }

    @AfterAll
    void close() throws IOException {
        for (LoadedJar jar : jars) {
            jar.close();
        }
    }

    /** A model, what to ask it, and what it answers when nothing else runs. */
    private record Work(CompiledModel model, List<float[]> inputs, List<float[]> answers) {

        static Work of(CompiledModel model) {
            Random random = new Random(9);
            List<float[]> inputs = new ArrayList<>();
            List<float[]> answers = new ArrayList<>();
            try (Session session = model.newSession()) {
                for (int i = 0; i < INPUTS; i++) {
                    float[] input = new float[model.info().inputs().getFirst().elements()];
                    for (int at = 0; at < input.length; at++) {
                        input[at] = (float) random.nextGaussian();
                    }
                    inputs.add(input);
                    answers.add(run(session, model, input));
                }
            }
            return new Work(model, inputs, answers);
        }

        private static float[] run(Session session, CompiledModel model, float[] input) {
            float[] output = new float[model.info().outputs().getFirst().elements()];
            session.run(new float[][] {input}, new float[][] {output});
            return output;
        }

        /** Asks again and again in a session of its own. */
        void check(SessionOptions options, int first) {
            try (Session session = model.newSession(options)) {
                for (int i = first; i < first + RUNS; i++) {
                    assertThat(run(session, model, inputs.get(i % INPUTS))).isEqualTo(answers.get(i % INPUTS));
                }
            }
        }
    }

    @Test
    void two_models_and_several_sessions_at_once() throws Exception {
        List<Work> works = jars.stream().map(jar -> Work.of(jar.model())).toList();
        int sessions = 6;
        CyclicBarrier start = new CyclicBarrier(sessions);
        try (ExecutorService callers = Executors.newFixedThreadPool(sessions)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                Work work = works.get(i % 2);
                SessionOptions options = SessionOptions.defaults().withThreads(1 + i / 4);
                int first = i;
                results.add(callers.submit(() -> {
                    start.await();
                    work.check(options, first);
                    return "";
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
    }

    @Test
    void two_threads_beside_busy_neighbours() throws Exception {
        Work work = Work.of(jars.getFirst().model());
        AtomicBoolean done = new AtomicBoolean();
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService neighbours = Executors.newFixedThreadPool(processors)) {
            for (int i = 0; i < processors; i++) {
                neighbours.execute(() -> {
                    while (!done.get()) {
                        Thread.onSpinWait();
                    }
                });
            }
            try {
                work.check(SessionOptions.defaults().withThreads(2), 0);
            } finally {
                done.set(true);
            }
        }
    }

    @Test
    void helpers_come_from_the_callers_executor_and_from_nowhere_else() {
        Work work = Work.of(jars.getFirst().model());
        AtomicInteger tasks = new AtomicInteger();
        Set<Thread> before = helpers();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            SessionOptions options = SessionOptions.defaults().withThreads(3).withExecutor(task -> {
                tasks.incrementAndGet();
                pool.execute(task);
            });
            work.check(options, 0);
            Set<Thread> started = helpers();
            started.removeAll(before);
            assertThat(started).isEmpty();
        }
        assertThat(tasks.get()).isBetween(1, 2 * RUNS);
    }

    /** ResNet-18 on 112 × 112 pixels is large enough to be warmed up. */
    @Test
    void inferences_during_the_warm_up(@TempDir Path folder) throws Exception {
        Path onnx = folder.resolve("resnet18.onnx");
        ModelZoo.write("resnet18", GenerateOptions.defaults().withInputSize(112), onnx);
        Work work;
        try (LoadedJar jar = LoadedJar.compile(onnx, CompileOptions.defaults(), folder.resolve("resnet18.jar"))) {
            awaitEndOfWarmUp();
            work = Work.of(jar.model());
        }
        try (LoadedJar jar = LoadedJar.open(
                folder.resolve("resnet18.jar"), work.model().getClass().getName())) {
            new Work(jar.model(), work.inputs(), work.answers()).check(SessionOptions.defaults(), 0);
        }
        awaitEndOfWarmUp();
    }

    private static Set<Thread> warmUps() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().equals("sardonyx warm-up"));
        return threads;
    }

    private static void awaitEndOfWarmUp() throws InterruptedException {
        for (Thread thread : warmUps()) {
            thread.join();
        }
    }

    /** The threads that sessions started. */
    private static Set<Thread> helpers() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("sardonyx-"));
        return threads;
    }
}
