package dev.sardonyx.runtime.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.runtime.SessionOptions;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every unit of every step runs once, whatever the executor does. The time limit is for what would else hang. */
@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
class ThreadTeamTest {

    private static final int RUNS = 3;

    /** Counts how often each unit ran. */
    private static final class CountingStep extends Step {
        private final AtomicIntegerArray counts;

        CountingStep(int units) {
            super(new StepInfo("counting " + units, "", 0, 0));
            counts = new AtomicIntegerArray(units);
        }

        @Override
        public int units() {
            return counts.length();
        }

        @Override
        public void run(float[][] slots, float[] scratch, int from, int to) {
            for (int unit = from; unit < to; unit++) {
                counts.incrementAndGet(unit);
            }
        }
    }

    /** Adds up the units that it is given: more than one would want to count one by one. */
    private static final class SummingStep extends Step {
        private final int units;
        private final LongAdder done = new LongAdder();

        SummingStep(int units) {
            super(new StepInfo("summing " + units, "", 0, 0));
            this.units = units;
        }

        @Override
        public int units() {
            return units;
        }

        @Override
        public void run(float[][] slots, float[] scratch, int from, int to) {
            done.add(to - from);
        }
    }

    private static void run(ThreadTeam team, Step... steps) {
        team.begin();
        try {
            for (int i = 0; i < steps.length; i++) {
                team.run(steps[i], i);
            }
        } finally {
            team.end();
        }
    }

    private static ThreadTeam team(int threads, Step... steps) {
        return new ThreadTeam(
                steps, new float[0][], 0, SessionOptions.defaults().withThreads(threads));
    }

    private static void assertServedBy(Executor executor) {
        CountingStep[] steps = {new CountingStep(1), new CountingStep(1000), new CountingStep(7)};
        SessionOptions options = SessionOptions.defaults().withThreads(4).withExecutor(executor);
        try (ThreadTeam team = new ThreadTeam(steps, new float[0][], 0, options)) {
            for (int i = 0; i < RUNS; i++) {
                run(team, steps);
            }
        }
        for (CountingStep step : steps) {
            for (int unit = 0; unit < step.units(); unit++) {
                assertThat(step.counts.get(unit)).isEqualTo(RUNS);
            }
        }
    }

    @Test
    void executor_that_runs_tasks_in_the_calling_thread() {
        assertServedBy(Runnable::run);
    }

    @Test
    void pool_whose_caller_runs_what_it_has_no_thread_for() {
        try (ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), new ThreadPoolExecutor.CallerRunsPolicy())) {
            assertServedBy(pool);
        }
    }

    @Test
    void executor_that_rejects_everything() {
        assertServedBy(task -> {
            throw new RejectedExecutionException("full");
        });
    }

    @Test
    void pool_that_is_shut_down() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        pool.shutdown();
        assertServedBy(pool);
    }

    @Test
    void executor_that_never_runs_a_task() {
        assertServedBy(task -> {});
    }

    @Test
    void executor_that_runs_tasks_one_at_a_time_and_waits_for_each() {
        assertServedBy(task -> {
            Thread thread = Thread.ofPlatform().start(task);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void executor_that_blocks_until_a_thread_is_free() {
        Semaphore free = new Semaphore(1);
        try (ExecutorService pool = Executors.newCachedThreadPool()) {
            assertServedBy(task -> {
                free.acquireUninterruptibly();
                pool.execute(() -> {
                    try {
                        task.run();
                    } finally {
                        free.release();
                    }
                });
            });
        }
    }

    @Test
    void executor_that_runs_tasks_later_than_they_are_needed() {
        ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
        assertServedBy(queue::add);
        queue.forEach(Runnable::run);
    }

    @Test
    void pool_whose_only_thread_is_the_caller() throws Exception {
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            pool.submit(() -> assertServedBy(pool)).get();
        }
    }

    @Test
    void pools_of_every_kind() {
        try (ExecutorService fixed = Executors.newFixedThreadPool(3);
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
                ForkJoinPool stealing = new ForkJoinPool(2)) {
            for (Executor executor : List.of(fixed, virtual, stealing)) {
                assertServedBy(executor);
            }
        }
    }

    @Test
    void executor_that_fails_once_fails_that_run_only() {
        CountingStep step = new CountingStep(100);
        AtomicInteger tasks = new AtomicInteger();
        try (ExecutorService pool = Executors.newCachedThreadPool()) {
            Executor executor = task -> {
                if (tasks.incrementAndGet() == 2) {
                    throw new IllegalStateException("broken");
                }
                pool.execute(task);
            };
            SessionOptions options = SessionOptions.defaults().withThreads(3).withExecutor(executor);
            SimdExecution execution = new SimdExecution(new Step[] {step}, new int[0], options);

            assertThatThrownBy(() -> execution.run(new float[0][], new float[0][]))
                    .hasMessage("broken");
            execution.run(new float[0][], new float[0][]);

            execution.close();
        }
        assertThat(step.counts.get(99)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "2, 15", "2, 16", "2, 17", "3, 1000", "1024, 2", "1024, 20000"})
    void own_threads_take_every_unit_once(int threads, int units) {
        CountingStep step = new CountingStep(units);
        try (ThreadTeam team = team(threads, step)) {
            for (int i = 0; i < RUNS; i++) {
                run(team, step);
            }
        }
        for (int unit = 0; unit < units; unit++) {
            assertThat(step.counts.get(unit)).isEqualTo(RUNS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {(1 << 24) - 1, 1 << 24, (1 << 24) + 1, 2_000_000_011, Integer.MAX_VALUE})
    void as_many_units_as_an_array_has_elements(int units) {
        SummingStep step = new SummingStep(units);
        try (ThreadTeam team = team(3, step)) {
            run(team, step);
        }
        assertThat(step.done.sum()).isEqualTo(units);
    }

    @Test
    void steps_that_follow_each_other_at_once() {
        CountingStep[] steps = new CountingStep[500];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = new CountingStep(2 + i % 5);
        }
        try (ThreadTeam team = team(2, steps)) {
            for (int i = 0; i < RUNS; i++) {
                run(team, steps);
            }
        }
        assertThat(steps).allMatch(step -> step.counts.get(1) == RUNS);
    }

    @Test
    void step_that_fails_names_itself_and_the_next_run_works() {
        AtomicBoolean broken = new AtomicBoolean(true);
        Step step = new Step(new StepInfo("Conv", "", 0, 0)) {
            @Override
            public int units() {
                return 40;
            }

            @Override
            public void run(float[][] slots, float[] scratch, int from, int to) {
                if (broken.get()) {
                    throw new ArrayIndexOutOfBoundsException("7");
                }
            }
        };
        try (ThreadTeam team = team(2, step)) {
            assertThatThrownBy(() -> run(team, step))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("kernel failed: Conv")
                    .hasRootCauseInstanceOf(ArrayIndexOutOfBoundsException.class);
            broken.set(false);
            run(team, step);
        }
    }
}
