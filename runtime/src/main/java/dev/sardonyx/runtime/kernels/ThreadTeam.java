package dev.sardonyx.runtime.kernels;

import dev.sardonyx.runtime.SessionOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A caller and helpers that take the units of a step in chunks, as each gets to it: a helper that the operating system has taken
 * away holds up one chunk, not half the step. The caller takes part and never depends on a helper to begin.
 *
 * <p>With a caller's executor the helpers are its tasks, begun anew each run; otherwise they are threads that park between runs.
 * An executor may run its tasks late, in the calling thread, one at a time or never: the run is then slower, nothing else.
 *
 * <p>One number says what there is to do: the ticket holds the serial number of the step (40 bits) and the next free chunk
 * (24 bits). A chunk is claimed by a compare-and-set of the ticket, hence never from a step that is over.
 */
final class ThreadTeam implements Team {

    private static final int CHUNK_BITS = 24;
    private static final long CHUNK_MASK = (1L << CHUNK_BITS) - 1;

    /** A chunk that no step has: nothing is free. */
    private static final long NOTHING = CHUNK_MASK;

    /** A step is cut into so many chunks for each thread, and into fewer than twice as many where that does not divide it. */
    private static final int CHUNKS_PER_THREAD = 8;

    /** Spins of a thread that finds nothing to do, some 50 µs, before it yields its processor at each turn. */
    private static final int SPINS = 2000;

    /** Spins of a task that finds nothing to do while others are submitted, some 1 ms. */
    private static final int PATIENCE = SPINS + 1000;

    private final Step[] steps;
    private final float[][] slots;
    private final float[][] scratch;
    private final int threads;
    private final Executor executor;
    private final List<Thread> ownThreads = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private final AtomicLong ticket = new AtomicLong(NOTHING);
    private final AtomicInteger chunksDone = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile Thread caller = Thread.currentThread();
    private volatile boolean submitting;
    private volatile boolean running;
    private volatile boolean closed;
    private long serial;

    /** Each thread gets scratch memory for {@code scratchSize} floats. */
    ThreadTeam(Step[] steps, float[][] slots, int scratchSize, SessionOptions options) {
        this.steps = steps;
        this.slots = slots;
        threads = options.threads();
        scratch = new float[threads][];
        Arrays.setAll(scratch, i -> Arena.floats(scratchSize));
        executor = options.executor().orElse(Runnable::run);
        for (int i = 1; i < threads; i++) {
            float[] own = scratch[i];
            if (options.executor().isPresent()) {
                tasks.add(new Task(own));
            } else {
                ownThreads.add(
                        Thread.ofPlatform().daemon().name("sardonyx-" + i).start(() -> helpForever(own)));
            }
        }
    }

    @Override
    public void begin() {
        running = true;
        if (ownThreads.isEmpty()) {
            caller = Thread.currentThread();
            submitting = true;
            try {
                submitTasks();
            } finally {
                submitting = false;
            }
        } else {
            for (int i = 0; i < ownThreads.size(); i++) {
                LockSupport.unpark(ownThreads.get(i));
            }
        }
    }

    /** Tasks that a busy executor has not begun yet serve a later run, so that they do not pile up. */
    private void submitTasks() {
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            if (task.outstanding.compareAndSet(false, true)) {
                try {
                    executor.execute(task);
                } catch (RejectedExecutionException e) {
                    task.outstanding.set(false);
                    return;
                } catch (RuntimeException | Error e) {
                    task.outstanding.set(false);
                    throw e;
                }
            }
        }
    }

    /** A helper as the executor sees it; helps in one run. */
    private final class Task implements Runnable {
        private final float[] own;
        private final AtomicBoolean outstanding = new AtomicBoolean();

        Task(float[] own) {
            this.own = own;
        }

        @Override
        public void run() {
            try {
                if (Thread.currentThread() != caller) {
                    help(own);
                }
            } finally {
                outstanding.set(false);
            }
        }
    }

    @Override
    public void run(Step step, int index) {
        int units = step.units();
        if (units == 1) {
            step.run(slots, scratch[0], 0, 1);
            return;
        }
        int chunks = chunks(units);
        chunksDone.set(0);
        serial += steps.length - serial % steps.length + index;
        ticket.set(serial << CHUNK_BITS);
        work(serial, scratch[0]);
        int spins = 0;
        while (chunksDone.get() < chunks) {
            spins = pause(spins);
        }
        ticket.set(NOTHING);
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("kernel failed: " + step.info().name(), thrown);
        }
    }

    private int unitsPerChunk(int units) {
        return Math.max(1, units / (threads * CHUNKS_PER_THREAD));
    }

    private int chunks(int units) {
        return Math.ceilDiv(units, unitsPerChunk(units));
    }

    /** Takes chunks of the step that {@code current} numbers until none is free. */
    private void work(long current, float[] own) {
        Step step = steps[(int) (current % steps.length)];
        int units = step.units();
        int size = unitsPerChunk(units);
        int chunks = chunks(units);
        while (true) {
            long seen = ticket.get();
            long next = seen & CHUNK_MASK;
            if (seen >>> CHUNK_BITS != current || next >= chunks) {
                return;
            }
            if (ticket.compareAndSet(seen, seen + 1)) {
                int from = (int) next * size;
                try {
                    step.run(slots, own, from, from + Math.min(size, units - from));
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                }
                chunksDone.incrementAndGet();
            }
        }
    }

    /**
     * Helps until the run is over. A task that waits for a run to begin gives up after a while, for an executor may hold up the
     * caller until it ends.
     */
    private void help(float[] own) {
        int spins = 0;
        while (running) {
            long seen = ticket.get();
            if (seen != NOTHING && free(seen)) {
                work(seen >>> CHUNK_BITS, own);
                spins = 0;
            } else if (submitting && spins > PATIENCE) {
                return;
            } else {
                spins = pause(spins);
            }
        }
    }

    private boolean free(long seen) {
        return (seen & CHUNK_MASK) < chunks(steps[(int) ((seen >>> CHUNK_BITS) % steps.length)].units());
    }

    private void helpForever(float[] own) {
        while (!closed) {
            if (running) {
                help(own);
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Yielding is a courtesy to other processes here; nothing depends on it. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static int pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
        return spins + 1;
    }

    @Override
    public void end() {
        running = false;
    }

    @Override
    public void close() {
        closed = true;
        running = false;
        ownThreads.forEach(LockSupport::unpark);
    }
}
