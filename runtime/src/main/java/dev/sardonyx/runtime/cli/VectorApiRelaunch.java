package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.UnsupportedMachineException;
import dev.sardonyx.runtime.kernels.VectorApi;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Starts a second JVM with the Vector API module where this one runs without it and cannot add it ({@link VectorApi#load}): a
 * jar's manifest cannot ask for a module. Where that is impossible too, the engine says that it runs in plain Java, unless the
 * property {@code sardonyx.simd} requires vectors.
 *
 * <p>This runs while the user waits for a JVM that computes nothing, so it avoids classes that are slow to load: string concatenation
 * and lambdas (their bootstrap), regular expressions, streams, logging.
 */
final class VectorApiRelaunch {

    private static final String SIMD_PROPERTY = "sardonyx.simd";

    /** All but the first two require vectors; the numbers force a width in bits. */
    private static final List<String> MODES = List.of("auto", "off", "require", "128", "256", "512");

    /** In the second JVM: the process that started it. */
    static final String RELAUNCHED_PROPERTY = "sardonyx.relaunched";

    private VectorApiRelaunch() {}

    /**
     * Starts the second JVM if one is needed, and waits for its end.
     *
     * @return its exit code; empty if this JVM shall do the work
     * @throws UsageException if {@code sardonyx.simd} has an unknown value
     * @throws UnsupportedMachineException if vectors are required and impossible
     */
    static OptionalInt relaunch(String[] args, Class<?> mainClass, PrintStream err) {
        String mode = System.getProperty(SIMD_PROPERTY, "auto").toLowerCase(Locale.ROOT);
        if (!MODES.contains(mode)) {
            throw new UsageException("-D" + SIMD_PROPERTY + "=" + mode + ": there are " + String.join(", ", MODES));
        }
        if (mode.equals("off") || VectorApi.load()) {
            return OptionalInt.empty();
        }
        String obstacle = obstacle(mainClass);
        if (obstacle.isEmpty()) {
            try {
                return OptionalInt.of(ChildJvm.run(command(args, mainClass), err));
            } catch (IOException e) {
                obstacle = "a second JVM with the Vector API cannot be started (" + e.getMessage()
                        + "); run java --add-modules jdk.incubator.vector -jar M.jar ...";
            }
        }
        if (!mode.equals("auto")) {
            throw new UnsupportedMachineException("-D" + SIMD_PROPERTY + "=" + mode + ": " + obstacle);
        }
        return OptionalInt.empty();
    }

    /** Why no second JVM with the module can be started; empty if one can. */
    private static String obstacle(Class<?> mainClass) {
        if (mainClass.getModule().isNamed() || Long.getLong(RELAUNCHED_PROPERTY) != null) {
            return "the JVM lacks the module jdk.incubator.vector; run java --add-modules jdk.incubator.vector ...";
        }
        if (ModuleFinder.ofSystem().find(VectorApi.MODULE).isEmpty()) {
            return "this Java was built without the module jdk.incubator.vector; run a full JDK 25, or jlink --add-modules "
                    .concat(VectorApi.MODULE);
        }
        return "";
    }

    private static List<String> command(String[] args, Class<?> mainClass) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home").concat("/bin/java".replace('/', File.separatorChar)));
        JvmCommandLine line = JvmCommandLine.ofThisProcess(args, mainClass);
        command.addAll(line.options());
        command.add("--add-modules=".concat(VectorApi.MODULE));
        command.add("-D"
                .concat(RELAUNCHED_PROPERTY)
                .concat("=")
                .concat(Long.toString(ProcessHandle.current().pid())));
        command.addAll(line.main());
        for (String arg : args) {
            command.add(arg);
        }
        return command;
    }
}
