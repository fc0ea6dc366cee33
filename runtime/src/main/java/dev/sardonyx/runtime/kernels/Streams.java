package dev.sardonyx.runtime.kernels;

/**
 * Brings memory into the cache before kernels use it. They read and write it in an order and at a pace at which the processor
 * fetches from memory at a quarter of the speed that it reaches here.
 */
final class Streams {

    private Streams() {}

    /**
     * Reads a value of each cache line, in four streams, each of which the processor reads ahead.
     *
     * @param scratch the thread's scratch memory, where something has to be left of what was read, or the JVM would not read
     */
    static void touch(float[] floats, int from, int count, float[] scratch) {
        int quarter = count / 4;
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = from; i < from + quarter; i += Arena.LINE) {
            a += floats[i];
            b += floats[i + quarter];
            c += floats[i + 2 * quarter];
            d += floats[i + 3 * quarter];
        }
        scratch[0] = a + b + c + d;
    }
}
