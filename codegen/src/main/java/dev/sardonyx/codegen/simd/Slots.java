package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.MemoryPlan;
import dev.sardonyx.runtime.kernels.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory plan: which piece of a session's memory each storage occupies. Storages that are not alive at the same time share a
 * piece. The pieces lie in one array, or in as few as can hold them.
 *
 * @param externals how many pieces, the first ones, are arrays that the caller brings
 * @param pieceOf the piece by storage
 * @param sizes floats by piece; 0 for the caller's
 */
record Slots(int externals, List<Integer> pieceOf, List<Integer> sizes) {

    /** Floats that one array holds at most, unless a single piece is larger. */
    private static final int LARGEST = 1 << 30;

    Slots {
        pieceOf = List.copyOf(pieceOf);
        sizes = List.copyOf(sizes);
    }

    /** The slot, which is to say the array, that holds a storage. */
    int of(int storage) {
        return place(pieceOf.get(storage)).slot;
    }

    /** Where a storage begins in its slot. */
    int offset(int storage) {
        return place(pieceOf.get(storage)).offset;
    }

    /** Floats by slot, as {@link dev.sardonyx.runtime.kernels.Network#slotSizes} has them. */
    List<Integer> slotSizes() {
        List<Integer> floats = new ArrayList<>();
        for (int piece = 0; piece < sizes.size(); piece++) {
            Place place = place(piece);
            while (floats.size() <= place.slot) {
                floats.add(0);
            }
            if (piece >= externals) {
                floats.set(place.slot, place.offset - Arena.FIRST + Arena.footprint(sizes.get(piece)));
            }
        }
        return floats;
    }

    private record Place(int slot, int offset) {}

    private Place place(int wanted) {
        if (wanted < externals) {
            return new Place(wanted, 0);
        }
        int slot = externals;
        int offset = Arena.FIRST;
        for (int piece = externals; piece < wanted; piece++) {
            offset += Arena.footprint(sizes.get(piece));
            if (offset > LARGEST - Arena.footprint(sizes.get(piece + 1))) {
                slot++;
                offset = Arena.FIRST;
            }
        }
        return new Place(slot, offset);
    }

    /** The plan in numbers, without what the caller brings. */
    MemoryPlan memoryPlan() {
        long tensors = pieceOf.stream().filter(piece -> sizes.get(piece) > 0).count();
        long buffers = sizes.stream().filter(size -> size > 0).count();
        long floats = sizes.stream().mapToLong(Integer::longValue).sum();
        return new MemoryPlan((int) tensors, (int) buffers, floats * Float.BYTES, 0);
    }
}
