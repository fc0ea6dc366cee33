package dev.sardonyx.compiler.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.compiler.bench.Contest.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {

    private static final long MS = 1_000_000;
    private static final Duration WARMUP = Duration.ZERO; // still one run

    private final List<String> log = new ArrayList<>();
    private long now;
    private long spinningSince;
    private final Contest contest = new Contest(() -> now);

    private Task task(String name, long nanos) {
        return new Task(name, () -> {
            log.add(name);
            now += nanos;
        });
    }

    @Test
    void turns_alternate_and_every_other_round_goes_backwards() {
        contest.hold(List.of(task("a", 100 * MS), task("b", 200 * MS)), 3, WARMUP, _ -> {});

        // One run of warm-up and one to see how long it takes; then a run that does not count and one that does.
        assertThat(String.join("", log)).isEqualTo("aabb" + "aabb" + "bbaa" + "aabb");
    }

    @Test
    void short_tasks_run_often_enough_in_a_turn() {
        contest.hold(List.of(task("a", 3 * MS)), 1, WARMUP, _ -> {});

        assertThat(log).hasSize(2 + 34 + 4);
    }

    @Test
    void what_runs_while_the_other_task_still_spins_does_not_count() {
        Task a = new Task("a", () -> {
            now += (now - spinningSince < 60 * MS ? 50 : 20) * MS;
        });
        Task b = new Task("b", () -> {
            now += 10 * MS;
            spinningSince = now;
        });

        Contest.Result result = contest.hold(List.of(a, b), 4, WARMUP, _ -> {});

        assertThat(result.latency(0).medianMs()).isEqualTo(20);
    }

    @Test
    void ratios_are_paired_by_round() {
        Task a = new Task("a", () -> now += 20 * MS);
        Contest.Result result = contest.hold(List.of(a, new Task("b", () -> now += 10 * MS)), 5, WARMUP, _ -> {});

        assertThat(result.ratio(0, 1)).isEqualTo(new Spread(2, 2, 2));
        assertThat(result.ratio(1, 0)).isEqualTo(new Spread(0.5, 0.5, 0.5));
        assertThat(result.latency(0).runs()).isEqualTo(5);
        assertThat(result.latency(0).warmupRuns()).isEqualTo(1);
    }

    @Test
    void percentiles_lie_between_ranks() {
        assertThat(Spread.of(new double[] {4, 10, 0, 2, 9})).isEqualTo(new Spread(4, 0.8, 9.6));
    }

    @Test
    void the_observer_hears_of_every_round() {
        List<String> heard = new ArrayList<>();

        contest.hold(List.of(task("a", MS)), 2, WARMUP, heard::add);

        assertThat(heard).containsExactly("warming up a", "round 1 of 2", "round 2 of 2");
    }
}
