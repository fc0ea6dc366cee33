package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.MemoryPlan;
import java.util.List;

/**
 * The memory plan: which slot of a session each storage occupies. Storages that are not alive at the same time share one.
 *
 * @param slotOf the slot by storage
 * @param sizes floats by slot; 0 for the inputs' and outputs', whose arrays the caller brings
 */
record Slots(List<Integer> slotOf, List<Integer> sizes) {

    Slots {
        slotOf = List.copyOf(slotOf);
        sizes = List.copyOf(sizes);
    }

    int of(int storage) {
        return slotOf.get(storage);
    }

    /** The plan in numbers, without what the caller brings. */
    MemoryPlan memoryPlan() {
        long tensors = slotOf.stream().filter(slot -> sizes.get(slot) > 0).count();
        long buffers = sizes.stream().filter(size -> size > 0).count();
        long floats = sizes.stream().mapToLong(Integer::longValue).sum();
        return new MemoryPlan((int) tensors, (int) buffers, floats * Float.BYTES);
    }
}
