package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Names;
import java.util.List;

/** The user named a pass that there is not; the message lists those that there are. */
public final class UnknownPassException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownPassException(String name, List<String> known) {
        super("no pass is named %s; the passes are %s".formatted(Names.quote(name), String.join(", ", known)));
    }
}
