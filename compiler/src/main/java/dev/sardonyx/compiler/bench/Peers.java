package dev.sardonyx.compiler.bench;

import dev.sardonyx.runtime.UnsupportedMachineException;
import dev.sardonyx.runtime.cli.UsageException;
import java.util.List;
import java.util.ServiceLoader;

/** The engines to compare with. */
public final class Peers {

    /** The names of all that there are, on the class path or not. */
    private static final List<String> NAMES = List.of("ort");

    private Peers() {}

    /**
     * The engine of this name.
     *
     * @throws UsageException if there is none
     * @throws UnsupportedMachineException if it is not on the class path; the message says how it gets there
     */
    public static Peer named(String name) {
        if (!NAMES.contains(name)) {
            throw new UsageException("--peer " + name + ": there is " + String.join(", ", NAMES));
        }
        return ServiceLoader.load(Peer.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnsupportedMachineException("--peer " + name
                        + ": the engine is not on the class path; mvn -B -Dfast -Dbuild.folder=target/launch"
                        + " -Dmaven.test.skip=true -pl peer -am package fetches it, and ./sardonyx puts it there"));
    }
}
