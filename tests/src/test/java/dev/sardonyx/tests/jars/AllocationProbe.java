package dev.sardonyx.tests.jars;

import com.sun.management.ThreadMXBean;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Runs a compiled model in a JVM of its own until its threads allocate nothing any more: {@code AllocationProbe CLASS THREADS}.
 * Vectors are objects until C2 has compiled what works on them, and nobody can say when that is: so this waits for rounds
 * without a byte, however many it takes, up to a number that is beyond doubt.
 */
final class AllocationProbe {

    private static final int RUNS_A_ROUND = 100;
    private static final int QUIET_ROUNDS = 5;
    private static final int MOST_ROUNDS = 1000;

    private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationProbe() {}

    /** Exits with 1 and says how much the last round allocated if there are never enough quiet rounds. */
    public static void main(String[] args) throws ReflectiveOperationException {
        SessionOptions options = SessionOptions.defaults().withThreads(Integer.parseInt(args[1]));
        try (CompiledModel model =
                        (CompiledModel) Class.forName(args[0]).getMethod("load").invoke(null);
                Session session = model.newSession(options)) {
            float[][] in = {new float[model.info().inputs().getFirst().elements()]};
            float[][] out = {new float[model.info().outputs().getFirst().elements()]};
            Arrays.fill(in[0], 1);
            long[] threads = threads(options.threads());
            long allocated = 0;
            int quiet = 0;
            for (int round = 0; round < MOST_ROUNDS && quiet < QUIET_ROUNDS; round++) {
                long before = allocated(threads);
                for (int run = 0; run < RUNS_A_ROUND; run++) {
                    session.run(in, out);
                }
                allocated = allocated(threads) - before;
                quiet = allocated == 0 ? quiet + 1 : 0;
            }
            System.out.println(model.engine().description() + ": " + allocated + " bytes in " + RUNS_A_ROUND + " runs");
            System.exit(quiet == QUIET_ROUNDS ? 0 : 1);
        }
    }

    /** The calling thread and the session's helpers. */
    private static long[] threads(int expected) {
        long[] ids = Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread == Thread.currentThread() || thread.getName().startsWith("sardonyx-"))
                .mapToLong(Thread::threadId)
                .toArray();
        if (ids.length != expected) {
            throw new IllegalStateException("found " + ids.length + " threads of " + expected);
        }
        return ids;
    }

    private static long allocated(long[] threads) {
        long sum = 0;
        for (long thread : threads) {
            sum += BEAN.getThreadAllocatedBytes(thread);
        }
        return sum;
    }
}
