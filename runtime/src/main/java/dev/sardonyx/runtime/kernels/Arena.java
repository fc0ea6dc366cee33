package dev.sardonyx.runtime.kernels;

/**
 * One array for many things that vectors read and write. A vector that straddles two cache lines costs two accesses, which slows the
 * matrix tiles by up to 40 %, and Java does not let arrays be aligned. But G1, the default collector, puts large arrays at the
 * beginning of a region, and their elements begin 16 bytes later: so what is to be aligned lies in a large array, some floats
 * after its beginning. With other collectors everything works alike, if less fast.
 */
public final class Arena {

    /** The first element at a multiple of 64 bytes. */
    public static final int FIRST = 12;

    /** Floats in a cache line. */
    static final int LINE = 16;

    /** Floats that make an array large: half a region of heaps of up to 8 GB. */
    private static final int LARGE = 1 << 19;

    private final int capacity;
    private float[] floats = new float[0];
    private int next = FIRST;

    /**
     * Takes the memory when it is first asked for, since that takes time.
     *
     * @param capacity the sum of the {@link #footprint}s of what will be allocated
     */
    public Arena(int capacity) {
        this.capacity = capacity;
    }

    /** An array of {@code count} floats after the first {@link #FIRST}, large enough to be aligned. */
    static float[] floats(int count) {
        return count == 0 ? new float[0] : new float[Math.max(Math.addExact(FIRST, count), LARGE)];
    }

    /** Floats that {@code count} floats take: whole cache lines. */
    public static int footprint(int count) {
        return Math.multiplyExact(Math.ceilDiv(count, LINE), LINE);
    }

    float[] floats() {
        if (floats.length == 0) {
            floats = floats(capacity);
        }
        return floats;
    }

    /** Takes room for {@code count} floats; returns where it begins. */
    int allocate(int count) {
        int start = next;
        next += footprint(count);
        return start;
    }
}
