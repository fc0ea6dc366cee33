package dev.sardonyx.tests.jmh;

import java.util.Random;
import jdk.incubator.vector.FloatVector;

/** What benchmarks begin with. */
final class BenchmarkSetup {

    private BenchmarkSetup() {}

    /** Fails where the JVM's vectors are narrower, since what uses wider ones would be measured without any. */
    static void requireVectors(int bits) {
        int widest = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        if (bits > widest) {
            throw new IllegalStateException(bits + "-bit vectors: this machine has " + widest + " bits");
        }
    }

    /** Numbers from -0.5 to 0.5, the same each time. */
    static float[] random(int count) {
        Random random = new Random(1);
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = random.nextFloat() - 0.5f;
        }
        return floats;
    }
}
