package dev.sardonyx.compiler.bench;

import dev.sardonyx.runtime.cli.OutputError;
import dev.sardonyx.runtime.cli.Tolerance;

/** Whether two engines computed the same: what differs more is not worth timing. */
public final class Agreement {

    private Agreement() {}

    /**
     * The largest error as a share of {@link Tolerance#DEFAULT}; infinite where one is over it.
     *
     * @param actual one array per output
     * @param expected as many of the same lengths
     */
    public static double worstShareOfTolerance(float[][] actual, float[][] expected) {
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            OutputError error = OutputError.of(actual[i], expected[i], Tolerance.DEFAULT);
            worst = error.withinTolerance() ? Math.max(worst, error.shareOfTolerance()) : Double.POSITIVE_INFINITY;
        }
        return worst;
    }
}
