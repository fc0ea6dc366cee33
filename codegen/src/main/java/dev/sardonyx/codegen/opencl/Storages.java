package dev.sardonyx.codegen.opencl;

import dev.sardonyx.codegen.MemoryPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Collects the memory that a plan needs, then lets storages that are not alive at the same time share a slot. */
final class Storages {

    private static final class Storage {
        final boolean external;
        final int size;
        int firstUse = Integer.MAX_VALUE;
        int lastUse = -1;

        Storage(boolean external, int size) {
            this.external = external;
            this.size = size;
        }
    }

    private final List<Storage> storages = new ArrayList<>();
    private final boolean shared;

    /** {@code shared} says whether storages that are not alive at once may share memory. */
    Storages(boolean shared) {
        this.shared = shared;
    }

    /** A storage for an input or output. */
    int addExternal(int size) {
        storages.add(new Storage(true, size));
        return storages.size() - 1;
    }

    int add(int size) {
        storages.add(new Storage(false, size));
        return storages.size() - 1;
    }

    boolean isExternal(int storage) {
        return storage != Layout.VALUES && storages.get(storage).external;
    }

    /** Notes that step {@code step} reads or writes the storage. */
    void use(int storage, int step) {
        Storage s = storages.get(storage);
        s.firstUse = Math.min(s.firstUse, step);
        s.lastUse = Math.max(s.lastUse, step);
    }

    /**
     * The memory plan.
     *
     * @param slotOf the slot by storage
     * @param sizes elements by slot; the externals' come first, in order
     * @param memory the plan in numbers
     */
    record Slots(List<Integer> slotOf, List<Integer> sizes, MemoryPlan memory) {
        int of(int storage) {
            return slotOf.get(storage);
        }
    }

    /**
     * Assigns slots, each storage to the free one whose size is nearest.
     *
     * @param elementBytes bytes of an element, for the plan in numbers
     * @param scratch what a session takes besides, likewise
     */
    Slots assign(int elementBytes, long scratch) {
        Integer[] slotOf = new Integer[storages.size()];
        List<Integer> sizes = new ArrayList<>();
        List<Integer> busyUntil = new ArrayList<>();
        for (int i = 0; i < storages.size(); i++) {
            if (storages.get(i).external) {
                slotOf[i] = sizes.size();
                sizes.add(storages.get(i).size);
                busyUntil.add(Integer.MAX_VALUE);
            }
        }
        int externals = sizes.size();
        List<Integer> order = IntStream.range(0, storages.size())
                .boxed()
                .filter(i -> !storages.get(i).external)
                .sorted(Comparator.comparingInt(i -> storages.get(i).firstUse))
                .toList();
        for (int i : order) {
            Storage s = storages.get(i);
            int slot = IntStream.range(externals, sizes.size())
                    .filter(candidate -> shared && busyUntil.get(candidate) < s.firstUse)
                    .boxed()
                    .min(Comparator.comparingLong(candidate -> Math.abs((long) sizes.get(candidate) - s.size)))
                    .orElse(sizes.size());
            if (slot == sizes.size()) {
                sizes.add(0);
                busyUntil.add(0);
            }
            slotOf[i] = slot;
            sizes.set(slot, Math.max(sizes.get(slot), s.size));
            busyUntil.set(slot, s.lastUse);
        }
        long elements = sizes.subList(externals, sizes.size()).stream()
                .mapToLong(Integer::longValue)
                .sum();
        return new Slots(
                List.of(slotOf),
                List.copyOf(sizes),
                new MemoryPlan(order.size(), sizes.size() - externals, elements * elementBytes, scratch));
    }
}
