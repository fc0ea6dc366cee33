package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.LoadOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A compiled jar's command line, understood. No lambdas and no string concatenation on the way of a right one: see {@link
 * VectorApiRelaunch}.
 *
 * @param kind what is asked for
 * @param topic the command's name; empty for the program as a whole
 * @param command what to do where {@code kind} is {@link Kind#COMMAND}
 * @param loading how to load the model
 */
record Invocation(Kind kind, String topic, Optional<ModelCommand> command, LoadOptions loading) {

    enum Kind {
        HELP,
        VERSION,
        COMMAND
    }

    /**
     * Understands {@code args}.
     *
     * @throws UsageException if that is impossible
     */
    static Invocation parse(String[] args) {
        List<String> words = new ArrayList<>(List.of(args));
        int end = words.contains("--") ? words.indexOf("--") : words.size();
        List<String> options = words.subList(0, end);
        boolean help = options.contains("--help") || options.contains("-h");
        boolean version = options.contains("--version");
        options.removeAll(List.of("--debug"));
        String topic = words.isEmpty() || words.getFirst().startsWith("-") ? "" : words.removeFirst();
        if (help) {
            return new Invocation(Kind.HELP, isCommand(topic) ? topic : "", Optional.empty(), LoadOptions.defaults());
        }
        if (version) {
            return new Invocation(Kind.VERSION, "", Optional.empty(), LoadOptions.defaults());
        }
        return command(topic, words);
    }

    private static boolean isCommand(String word) {
        return List.of("run", "verify", "bench", "info").contains(word);
    }

    private static Invocation command(String name, List<String> args) {
        return switch (name) {
            case "run" -> run(args);
            case "verify" -> verify(args);
            case "bench" -> bench(args);
            case "info" -> info(args);
            case "" ->
                throw new UsageException((args.isEmpty() ? "no command" : "the command comes before " + args.getFirst())
                        + ": run, verify, bench or info; see --help");
            default ->
                throw new UsageException(
                        "unknown command '" + name + "'; there are run, verify, bench and info; see --help");
        };
    }

    private static Invocation run(List<String> args) {
        Options options = new Options(
                "run",
                args,
                List.of(
                        "--input",
                        "--output",
                        "--image",
                        "--labels",
                        "--top",
                        "--preset",
                        "--mean",
                        "--std",
                        "--resize",
                        "--threads",
                        "--target",
                        "--device",
                        "--tune"),
                List.of("--bgr"));
        options.rest();
        return invocation(
                options,
                new RunCommand(
                        options.all("--input"),
                        options.path("--output"),
                        image(options),
                        options.path("--labels"),
                        options.integer("--top").orElse(RunCommand.DEFAULT_TOP),
                        threads(options)));
    }

    private static Optional<ImageOptions> image(Options options) {
        if (!options.has("--image")) {
            for (String name : List.of("--preset", "--mean", "--std", "--resize", "--bgr")) {
                if (options.has(name)) {
                    throw new UsageException(name.concat(" needs --image"));
                }
            }
            return Optional.empty();
        }
        return Optional.of(new ImageOptions(
                options.path("--image").orElseThrow(),
                preset(options),
                numbers(options, "--mean"),
                numbers(options, "--std"),
                options.has("--bgr"),
                options.integer("--resize")));
    }

    private static Optional<Preset> preset(Options options) {
        Optional<String> name = options.value("--preset");
        return name.isPresent() ? Optional.of(Preset.parse(name.get())) : Optional.empty();
    }

    private static List<Float> numbers(Options options, String name) {
        Optional<String> text = options.value(name);
        return text.isPresent() ? ImageOptions.numbers(name, text.get()) : List.of();
    }

    private static Invocation verify(List<String> args) {
        Options options = new Options(
                "verify", args, List.of("--rtol", "--atol", "--threads", "--target", "--device", "--tune"), List.of());
        Tolerance tolerance =
                new Tolerance(options.number("--atol"), options.number("--rtol").orElse(Tolerance.DEFAULT.relative()));
        String data = options.rest("DATA_DIR").getFirst();
        return invocation(options, new VerifyCommand(InputFiles.path(data), tolerance, threads(options)));
    }

    private static Invocation bench(List<String> args) {
        Options options = new Options(
                "bench",
                args,
                List.of("--threads", "--runs", "--warmup", "--json", "--start", "--target", "--device", "--tune"),
                List.of("--profile"));
        options.rest();
        if (options.has("--start")) {
            return start(options);
        }
        OptionalDouble warmup = options.number("--warmup");
        return invocation(
                options,
                new BenchCommand(
                        threads(options),
                        options.integer("--runs"),
                        warmup.isPresent()
                                ? Duration.ofMillis((long) (1000 * warmup.getAsDouble()))
                                : BenchCommand.DEFAULT_WARMUP,
                        options.path("--json"),
                        options.has("--profile")));
    }

    private static Invocation start(Options options) {
        for (String name : List.of("--runs", "--warmup", "--json", "--profile")) {
            if (options.has(name)) {
                throw new UsageException("--start and ".concat(name).concat(" exclude each other"));
            }
        }
        double seconds = options.number("--start").orElseThrow();
        return invocation(options, new StartCommand(threads(options), Duration.ofMillis((long) (1000 * seconds))));
    }

    private static Invocation info(List<String> args) {
        Options options = new Options("info", args, List.of("--target", "--device", "--tune"), List.of());
        options.rest();
        return invocation(options, new InfoCommand());
    }

    private static Invocation invocation(Options options, ModelCommand command) {
        LoadOptions loading =
                LoadWishes.of(options.value("--target"), options.value("--device"), options.value("--tune"));
        return new Invocation(Kind.COMMAND, "", Optional.of(command), loading);
    }

    private static int threads(Options options) {
        return options.integer("--threads").orElse(ModelCommand.DEFAULT_THREADS);
    }
}
