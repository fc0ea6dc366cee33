package dev.sardonyx.compiler.lowering;

import java.util.ArrayList;
import java.util.List;

/**
 * Indices in a row with the same distance between neighbours.
 *
 * @param position where the run begins in the list of indices
 * @param first its first index
 * @param step distance between neighbours; 0 repeats
 * @param length number of indices
 */
record IndexRun(int position, int first, int step, int length) {

    /**
     * Splits {@code indices} greedily into runs.
     *
     * @param indices −size to size − 1; negative ones count from the end
     * @param size of the axis that is indexed
     */
    static List<IndexRun> of(long[] indices, int size) {
        List<IndexRun> runs = new ArrayList<>();
        int position = 0;
        while (position < indices.length) {
            int first = Math.floorMod(indices[position], size);
            int length = 1;
            int step = 1;
            if (position + 1 < indices.length) {
                step = Math.floorMod(indices[position + 1], size) - first;
                while (position + length < indices.length
                        && Math.floorMod(indices[position + length], size) == first + (long) length * step) {
                    length++;
                }
            }
            runs.add(new IndexRun(position, first, step, length));
            position += length;
        }
        return runs;
    }
}
