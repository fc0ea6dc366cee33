package dev.sardonyx.tests.peers;

import dev.sardonyx.runtime.cli.OutputError;
import dev.sardonyx.runtime.cli.TensorData;
import dev.sardonyx.runtime.cli.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.api.Assertions;

/** Whether two engines gave the same answer. */
public final class Agreement {

    private Agreement() {}

    /**
     * Asserts names, element types, shapes and values, and tells of every output that is off.
     *
     * @param share allowed is {@code |a-b| <= share*max|b| + share*|b|}; 0 asks for equal values
     */
    public static void check(List<TensorData> actual, List<TensorData> expected, double share) {
        Assertions.assertThat(actual)
                .extracting(TensorData::name)
                .isEqualTo(expected.stream().map(TensorData::name).toList());
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            TensorData a = actual.get(i);
            TensorData b = expected.get(i);
            if (a.elementType() != b.elementType() || !a.shape().equals(b.shape())) {
                problems.add("%s: %s%s, but expected %s%s"
                        .formatted(b.name(), a.elementType(), a.shape(), b.elementType(), b.shape()));
                continue;
            }
            OutputError error = OutputError.of(a.values(), b.values(), tolerance(b.values(), share));
            if (!error.withinTolerance()) {
                problems.add("%s: %s of %d values".formatted(b.name(), error, b.values().length));
            }
        }
        Assertions.assertThat(problems).isEmpty();
    }

    /** How far the answers are apart, for people. */
    public static String describe(List<TensorData> actual, List<TensorData> expected) {
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            OutputError error =
                    OutputError.of(actual.get(i).values(), expected.get(i).values(), Tolerance.DEFAULT);
            outputs.add("%s: largest difference %.1e, %.2f %% of the tolerance"
                    .formatted(expected.get(i).name(), error.largestAbsolute(), 100 * error.shareOfTolerance()));
        }
        return String.join("; ", outputs);
    }

    private static Tolerance tolerance(float[] expected, double share) {
        double largest = 0;
        for (float value : expected) {
            largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        return new Tolerance(OptionalDouble.of(share * largest), share);
    }
}
