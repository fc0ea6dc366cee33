package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Locale;
import org.jocl.CL;

/** The way to JOCL, and through it to the machine's OpenCL loader. */
final class Library {

    /** JOCL then unpacks its native part under a name of its own, where else processes that start together would collide. */
    private static final String UNIQUE_NAMES = "uniqueLibraryNames";

    private Library() {}

    /**
     * Makes JOCL ready. Looks for the OpenCL loader first, for JOCL's native part would complain on standard output.
     *
     * @throws UnsupportedMachineException if this machine has no OpenCL loader, or JOCL none of this machine's kind
     */
    static void require() {
        if (candidates().stream().noneMatch(Library::exists)) {
            throw new UnsupportedMachineException(
                    "this machine has no OpenCL loader (" + candidates().getFirst()
                            + "): install your device's driver, and on Debian or Ubuntu: apt-get install"
                            + " ocl-icd-libopencl1");
        }
        if (System.getProperty(UNIQUE_NAMES) == null) {
            System.setProperty(UNIQUE_NAMES, "true");
        }
        try {
            CL.setExceptionsEnabled(true);
            Leftovers.clear();
        } catch (LinkageError e) { // the second time it is a NoClassDefFoundError
            throw new UnsupportedMachineException(
                    "JOCL, which leads to OpenCL, does not load on " + System.getProperty("os.name") + ", "
                            + System.getProperty("os.arch") + " (--debug shows why)",
                    e);
        }
    }

    /** The names of the loader's library, as JOCL tries them. */
    private static List<String> candidates() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return List.of("OpenCL.dll");
        }
        return system.startsWith("mac")
                ? List.of("/System/Library/Frameworks/OpenCL.framework/Versions/Current/OpenCL")
                : List.of("libOpenCL.so.1", "libOpenCL.so");
    }

    @SuppressWarnings("restricted") // as is all that follows
    private static boolean exists(String library) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(library, arena);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
