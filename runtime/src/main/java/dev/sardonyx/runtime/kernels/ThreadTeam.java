package dev.sardonyx.runtime.kernels;

import dev.sardonyx.runtime.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
 *
 * <p>One number says what there is to do: the ticket holds the serial number of the step (40 bits) and the next free unit
 * (24 bits). A chunk is claimed by a compare-and-set of the ticket, hence never from a step that is over.
 */
final class ThreadTeam implements Team {

    private static final int UNIT_BITS = 24;
    private static final long UNIT_MASK = (1L << UNIT_BITS) - 1;

    /** Units that no step has: nothing is free. */
    private static final long NOTHING = UNIT_MASK;

    /** Spins of a thread that finds nothing to do, some 50 µs, before it yields its processor at each turn. */
    private static final int SPINS = 2000;

    private final Step[] steps;
    private final float[][] slots;
    private final int threads;
    private final Executor executor;
    private final List<Thread> ownThreads = new ArrayList<>();
    private final AtomicLong ticket = new AtomicLong(NOTHING);
    private final AtomicInteger unitsDone = new AtomicInteger();
    private final AtomicInteger outstandingTasks = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Runnable task = this::helpOnce;
    private volatile boolean running;
    private volatile boolean closed;
    private long serial;

    ThreadTeam(Step[] steps, float[][] slots, SessionOptions options) {
        this.steps = steps;
        this.slots = slots;
        threads = options.threads();
        executor = options.executor().orElse(Runnable::run);
        if (options.executor().isEmpty()) {
            for (int i = 1; i < threads; i++) {
                ownThreads.add(
                        Thread.ofPlatform().daemon().name("sardonyx-" + i).start(this::helpForever));
            }
        }
    }

    @Override
    public void begin() {
        running = true;
        if (ownThreads.isEmpty()) {
            submitTasks();
        } else {
            for (int i = 0; i < ownThreads.size(); i++) {
                LockSupport.unpark(ownThreads.get(i));
            }
        }
    }

    /** Tasks that a busy executor has not begun yet serve a later run, so that they do not pile up. */
    private void submitTasks() {
        try {
            while (outstandingTasks.get() < threads - 1) {
                outstandingTasks.incrementAndGet();
                executor.execute(task);
            }
        } catch (RejectedExecutionException e) {
            outstandingTasks.decrementAndGet();
        }
    }

    @Override
    public void run(Step step, int index, float[][] ignored) {
        int units = step.units();
        if (units == 1) {
            step.run(slots, 0, 1);
            return;
        }
        unitsDone.set(0);
        serial += steps.length - serial % steps.length + index;
        ticket.set(serial << UNIT_BITS);
        work(serial);
        int spins = 0;
        while (unitsDone.get() < units) {
            spins = pause(spins);
        }
        ticket.set(NOTHING);
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("kernel failed: " + step.info().name(), thrown);
        }
    }

    /** Takes chunks of the step that {@code current} numbers until none is free. */
    private void work(long current) {
        Step step = steps[(int) (current % steps.length)];
        int units = step.units();
        int chunk = Math.max(1, units / (threads * 8));
        while (true) {
            long seen = ticket.get();
            long next = seen & UNIT_MASK;
            if (seen >>> UNIT_BITS != current || next >= units) {
                return;
            }
            int from = (int) next;
            int to = Math.min(from + chunk, units);
            if (ticket.compareAndSet(seen, (current << UNIT_BITS) | to)) {
                try {
                    step.run(slots, from, to);
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                }
                unitsDone.addAndGet(to - from);
            }
        }
    }

    /** Helps until the run is over. */
    private void help() {
        int spins = 0;
        while (running) {
            long seen = ticket.get();
            if (seen != NOTHING && free(seen)) {
                work(seen >>> UNIT_BITS);
                spins = 0;
            } else {
                spins = pause(spins);
            }
        }
    }

    private void helpOnce() {
        try {
            help();
        } finally {
            outstandingTasks.decrementAndGet();
        }
    }

    private boolean free(long seen) {
        return (seen & UNIT_MASK) < steps[(int) ((seen >>> UNIT_BITS) % steps.length)].units();
    }

    private void helpForever() {
        while (!closed) {
            if (running) {
                help();
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
