package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import java.time.Duration;

/**
 * {@code bench --start}: how this very JVM gets going.
 *
 * @param threads number of threads that work on one inference
 * @param duration how long it answers after the first answer
 */
record StartCommand(int threads, Duration duration) implements ModelCommand {

    private static final Duration LONGEST = Duration.ofHours(1);

    /** @throws UsageException if a number makes no sense */
    StartCommand {
        Threads.check(threads);
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new UsageException("--start must lie between 0 and " + LONGEST.toSeconds() + " seconds");
        }
    }

    @Override
    public int execute(CompiledModel model, Terminal terminal) {
        float[][] inputs = BenchArrays.inputs(model.info());
        float[][] outputs = BenchArrays.outputs(model.info());
        try (Session session = model.newSession(SessionOptions.defaults().withThreads(threads))) {
            StartReport.print(new Answer(session, inputs, outputs), duration, terminal.out());
        }
        return ErrorReport.OK;
    }

    private record Answer(Session session, float[][] inputs, float[][] outputs) implements Runnable {
        @Override
        public void run() {
            session.run(inputs, outputs);
        }
    }
}
