package dev.sardonyx.runtime.kernels;

import java.lang.reflect.InvocationTargetException;

/** The JDK's module {@code jdk.incubator.vector}, which a JVM has only where somebody asks for it. */
public final class VectorApi {

    /** The module's name. */
    public static final String MODULE = "jdk.incubator.vector";

    /** What {@link #load} needs, as a main jar's manifest says it: {@code Add-Exports}. */
    public static final String LOADER_EXPORT = "java.base/jdk.internal.module";

    private VectorApi() {}

    /** Whether classes of the module can be used from here. */
    public static boolean isPresent() {
        try {
            Class.forName("jdk.incubator.vector.FloatVector", false, VectorApi.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Adds the module to this JVM if it lacks it. The JDK does so for its own agents by {@code
     * jdk.internal.module.Modules.loadModule}, and HotSpot switches the vectors' compilation on whenever the module is defined. This
     * works where the JDK exports that package ({@link #LOADER_EXPORT}), as the manifests of the jars that Sardonyx writes ask.
     *
     * @return whether the module is there now
     */
    public static boolean load() {
        if (isPresent()) {
            return true;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, MODULE);
        } catch (ReflectiveOperationException | LinkageError e) {
            if (e instanceof InvocationTargetException && e.getCause() instanceof VirtualMachineError fatal) {
                throw fatal;
            }
            return false; // not exported, another JDK's internals, or a Java without the module
        }
        return isPresent();
    }
}
