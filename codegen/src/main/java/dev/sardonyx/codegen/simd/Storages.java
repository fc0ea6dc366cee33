package dev.sardonyx.codegen.simd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the memory that a plan needs, then shares it by lifetime. Zeros around and between pixels are written by nobody
 * and must stay zeros, hence storages that have any are shared only among equals in every respect, by their {@code geometry}.
 */
final class Storages {

    /** The geometry of storages without gaps. */
    static final String DENSE = "dense";

    private static final class Storage {
        final String geometry;
        final boolean external;
        int size;
        int firstUse = Integer.MAX_VALUE;
        int lastUse = -1;

        Storage(String geometry, boolean external, int size) {
            this.geometry = geometry;
            this.external = external;
            this.size = size;
        }
    }

    private final boolean shared;
    private final List<Storage> storages = new ArrayList<>();
    private final Map<Integer, Integer> overwrites = new HashMap<>();

    /** {@code shared} says whether storages that are not alive at once may share memory. */
    Storages(boolean shared) {
        this.shared = shared;
    }

    boolean areShared() {
        return shared;
    }

    /** A storage that the caller of a session brings. */
    int addExternal() {
        storages.add(new Storage(DENSE, true, 0));
        return storages.size() - 1;
    }

    int add(String geometry, int size) {
        storages.add(new Storage(geometry, false, size));
        return storages.size() - 1;
    }

    boolean isExternal(int storage) {
        return storages.get(storage).external;
    }

    /** Makes sure that reads and writes up to {@code end} (exclusive) stay inside; a caller's array has its own size. */
    void require(int storage, int end) {
        Storage s = storages.get(storage);
        if (!s.external) {
            s.size = Math.max(s.size, end);
        }
    }

    /** Notes that step {@code step} reads or writes the storage. */
    void use(int storage, int step) {
        Storage s = storages.get(storage);
        s.firstUse = Math.min(s.firstUse, step);
        s.lastUse = Math.max(s.lastUse, step);
    }

    /** Notes that the step that first writes {@code storage} may do so over {@code dying}, if that step is its last use. */
    void mayOverwrite(int storage, int dying) {
        overwrites.put(storage, dying);
    }

    /** Assigns slots: externals first, in order, then best fits. */
    Slots assign() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < storages.size(); i++) {
            if (!storages.get(i).external) {
                order.add(i);
            }
        }
        order.sort((a, b) -> Integer.compare(storages.get(a).firstUse, storages.get(b).firstUse));
        Assignment assignment = new Assignment();
        for (int storage : order) {
            assignment.place(storage);
        }
        int externals = (int) storages.stream().filter(s -> s.external).count();
        return new Slots(externals, assignment.slotOf, assignment.sizes);
    }

    private final class Assignment {
        private final List<Integer> slotOf = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private final List<Integer> holder = new ArrayList<>();
        private final Map<String, Deque<Integer>> slotsByGeometry = new HashMap<>();

        Assignment() {
            for (Storage s : storages) {
                slotOf.add(s.external ? sizes.size() : -1);
                if (s.external) {
                    sizes.add(0);
                    holder.add(-1);
                }
            }
        }

        void place(int storage) {
            Storage s = storages.get(storage);
            int slot = shared ? inPlace(storage) : -1;
            if (shared && slot < 0) {
                slot = free(s);
            }
            if (slot < 0) {
                slot = sizes.size();
                sizes.add(0);
                holder.add(storage);
                slotsByGeometry
                        .computeIfAbsent(s.geometry, g -> new ArrayDeque<>())
                        .add(slot);
            }
            sizes.set(slot, Math.max(sizes.get(slot), s.size));
            holder.set(slot, storage);
            slotOf.set(storage, slot);
        }

        private int inPlace(int storage) {
            Integer dying = overwrites.get(storage);
            if (dying == null) {
                return -1;
            }
            Storage s = storages.get(storage);
            Storage d = storages.get(dying);
            boolean fits = !d.external && d.geometry.equals(s.geometry) && d.lastUse == s.firstUse;
            return fits && holder.get(slotOf.get(dying)).equals(dying) ? slotOf.get(dying) : -1;
        }

        /** The free slot of the same geometry whose size is nearest. */
        private int free(Storage s) {
            int best = -1;
            long bestGap = Long.MAX_VALUE;
            for (int slot : slotsByGeometry.getOrDefault(s.geometry, new ArrayDeque<>())) {
                long gap = Math.abs((long) sizes.get(slot) - s.size);
                if (storages.get(holder.get(slot)).lastUse < s.firstUse && gap < bestGap) {
                    best = slot;
                    bestGap = gap;
                }
            }
            return best;
        }
    }
}
