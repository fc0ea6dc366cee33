package dev.sardonyx.runtime.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The arguments after a command: {@code --name VALUE}, {@code --name=VALUE}, {@code --flag} and the rest. */
final class Options {

    private final String command;
    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> rest = new ArrayList<>();

    /**
     * Sorts {@code args}; after {@code --} nothing is an option.
     *
     * @param valued names of the options with a value
     * @param flags names of those without
     * @throws UsageException if an option is unknown or lacks its value
     */
    Options(String command, List<String> args, List<String> valued, List<String> flags) {
        this.command = command;
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                rest.addAll(args.subList(i + 1, args.size()));
                return;
            }
            if (!arg.startsWith("-") || arg.equals("-")) {
                rest.add(arg);
                continue;
            }
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            if (flags.contains(name)) {
                if (equals >= 0) {
                    throw new UsageException(name.concat(" takes no value"));
                }
                add(name, "");
            } else if (!valued.contains(name)) {
                throw new UsageException("unknown option ".concat(name).concat(seeHelp()));
            } else if (equals >= 0) {
                add(name, arg.substring(equals + 1));
            } else if (i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
                add(name, args.get(++i));
            } else {
                throw new UsageException(name.concat(" needs a value").concat(seeHelp()));
            }
        }
    }

    private String seeHelp() {
        return "; see ".concat(command).concat(" --help");
    }

    private void add(String name, String value) {
        if (!values.containsKey(name)) {
            values.put(name, new ArrayList<>());
        }
        all(name).add(value);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** All values of an option that may be given more than once. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The value of an option that may be given once. */
    Optional<String> value(String name) {
        List<String> all = all(name);
        if (all.size() > 1) {
            throw new UsageException(name.concat(" is given more than once"));
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    Optional<Path> path(String name) {
        Optional<String> value = value(name);
        return value.isPresent() ? Optional.of(InputFiles.path(value.get())) : Optional.empty();
    }

    OptionalInt integer(String name) {
        Optional<String> value = value(name);
        try {
            return value.isPresent() ? OptionalInt.of(Integer.parseInt(value.get())) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            throw new UsageException(name + ": '" + value.get() + "' is no whole number", e);
        }
    }

    OptionalDouble number(String name) {
        Optional<String> value = value(name);
        try {
            return value.isPresent() ? OptionalDouble.of(Double.parseDouble(value.get())) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            throw new UsageException(name + ": '" + value.get() + "' is no number", e);
        }
    }

    /**
     * The arguments that are no options, one for each of {@code names}.
     *
     * @throws UsageException if there are more or fewer
     */
    List<String> rest(String... names) {
        if (rest.size() < names.length) {
            throw new UsageException(command + " needs " + names[rest.size()] + seeHelp());
        }
        if (rest.size() > names.length) {
            throw new UsageException("'" + rest.get(names.length) + "' is one argument too many" + seeHelp());
        }
        return rest;
    }
}
