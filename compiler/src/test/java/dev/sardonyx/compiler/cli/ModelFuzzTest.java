package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.sardonyx.compiler.cli.Sardonyx.Outcome;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles spoiled models. Whatever a file holds, it is compiled or refused with exit code 2 in plain words: there is no other
 * exception, no exhausted memory or stack, and no case that takes longer than {@link #PATIENCE}.
 *
 * <p>A case is told by its number: {@code -Dfuzz.seed=N -Dfuzz.seconds=0 -Pcampaign -Dtest=ModelFuzzTest} runs case N alone.
 */
class ModelFuzzTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Beyond this a case has no end, however busy the machine. */
    private static final Duration HANGS = Duration.ofMinutes(2);

    private static final List<ModelProto> BASES = FuzzBases.all();

    @TempDir
    private Path folder;

    /** The unspoiled models compile; else there is little to learn. */
    @Test
    void the_bases_compile() throws IOException {
        for (ModelProto base : BASES) {
            Path file = Files.write(folder.resolve("base.onnx"), base.toByteArray());

            Outcome outcome = Sardonyx.run("inspect", file);

            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.code()).isZero();
        }
    }

    @Test
    void a_few_spoiled_models() {
        int compiled = 0;
        for (long seed = 1; seed <= 150; seed++) {
            compiled += check(seed, HANGS) ? 1 : 0;
        }
        assertThat(compiled).as("compiled in spite of all").isBetween(10, 120);
    }

    @Test
    @Tag("campaign")
    void many_spoiled_models() {
        long start = Long.getLong("fuzz.seed", System.nanoTime() >>> 20 << 20);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("fuzz.seconds", 300));
        List<String> findings = new ArrayList<>();
        long seed = start;
        int compiled = 0;
        do {
            try {
                compiled += check(seed, PATIENCE) ? 1 : 0;
            } catch (AssertionError finding) {
                findings.add(String.valueOf(finding.getMessage()));
                System.out.println(finding.getMessage());
            }
            seed++;
        } while (System.nanoTime() < end && findings.size() < 100);
        System.out.printf("cases %d to %d: %d compiled, %d findings%n", start, seed - 1, compiled, findings.size());
        assertThat(findings).isEmpty();
    }

    /** Runs case {@code seed}; returns whether it compiled. */
    private boolean check(long seed, Duration patience) {
        Random random = new Random(seed);
        List<Object> command = new ArrayList<>();
        Path model = folder.resolve("model.onnx");
        Path jar = folder.resolve("model.jar");
        boolean toJar = random.nextInt(16) == 0; // javac takes most of the time
        command.add(toJar ? "compile" : "inspect");
        command.add(model);
        if (toJar) {
            command.addAll(List.of("-o", jar));
        }
        addOptions(command, random);
        byte[] content = new ModelMutator(random).mutate(BASES.get(random.nextInt(BASES.size())));
        try {
            Files.write(model, content);
            Files.deleteIfExists(jar);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return judge("case " + seed + " (" + command + ")", run(command, patience), toJar, jar);
    }

    private static void addOptions(List<Object> command, Random random) {
        if (random.nextInt(3) == 0) {
            command.add("--dim=batch=" + random.nextInt(1, 4));
        }
        if (random.nextInt(5) == 0) {
            List<String> passes = SardonyxCompiler.fusions();
            command.add("--no-fuse=" + passes.get(random.nextInt(passes.size())));
        }
        if (random.nextInt(5) == 0) {
            List<String> targets = SardonyxCompiler.targets();
            command.add("--target=" + targets.get(random.nextInt(targets.size())));
        }
        if (random.nextInt(8) == 0) {
            command.add("--exact");
        }
    }

    /** What a command comes to, or where it hangs. */
    private static Outcome run(List<Object> command, Duration patience) {
        BlockingQueue<Outcome> outcomes = new ArrayBlockingQueue<>(1);
        Thread thread = Thread.ofPlatform().daemon().start(() -> outcomes.add(Sardonyx.run(command.toArray())));
        try {
            Outcome outcome = outcomes.poll(patience.toSeconds(), TimeUnit.SECONDS);
            return outcome != null
                    ? outcome
                    : new Outcome(-1, "", "too slow: " + Arrays.toString(thread.getStackTrace()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean judge(String name, Outcome outcome, boolean toJar, Path jar) {
        String said = outcome.err().substring(0, Math.min(outcome.err().length(), 4000));
        if (outcome.code() == 0) {
            assertThat(outcome.err()).as(name).isEmpty();
            assertThat(Files.exists(jar)).as(name).isEqualTo(toJar);
            return true;
        }
        assertThat(outcome.code()).as("%s: %s", name, said).isEqualTo(2);
        assertThat(said)
                .as(name)
                .startsWith("error: ")
                .doesNotContain("internal error", "out of memory", "\u001b", "\tat ", "null");
        assertThat(jar).as(name).doesNotExist();
        return false;
    }
}
