package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.driver.CompileOptions;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.runtime.cli.UsageException;
import dev.sardonyx.runtime.opencl.Precision;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options that say how a model is compiled, shared by the commands that take an ONNX file. */
final class ModelOptions {

    /** {@code NAME=SIZE} and a comma or the end. Names come from the file and may hold commas and equals signs themselves. */
    private static final Pattern DIM =
            Pattern.compile("\\G(?<name>.+?)=(?<size>\\d{1,10})(?:,(?=.)|$)", Pattern.DOTALL);

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            completionCandidates = Targets.class,
            description = "What to generate code for: ${COMPLETION-CANDIDATES}.")
    private Optional<String> target = Optional.empty();

    @Option(
            names = "--precision",
            paramLabel = "P",
            completionCandidates = Precisions.class,
            description = "What an OpenCL device computes in, of: ${COMPLETION-CANDIDATES} (default fp32). fp16-storage"
                    + " keeps tensors and weights as half, on any device. The tensor cores of NVIDIA's GPUs"
                    + " multiply in tf32x3, nearly as exactly as float32, in tf32, of 11 bits, and in fp16, kept"
                    + " as half; other devices compute in fp32 or fp16-storage instead, and say so. Sums are"
                    + " always float32. The last three have been run in emulation only.")
    private Optional<String> precision = Optional.empty();

    @Option(
            names = "--dim",
            paramLabel = "NAME=SIZE[,...]",
            description =
                    "Sizes for the dimensions that the model leaves open, by its names for them; those without a name"
                            + " go by INPUT[AXIS]. An open batch is 1 unless given.")
    private List<String> dims = new ArrayList<>();

    @Option(
            names = "--no-fuse",
            paramLabel = "PASS[,PASS...]",
            description = "Passes to leave out, of: ${COMPLETION-CANDIDATES}.",
            completionCandidates = Passes.class)
    private List<String> disabled = new ArrayList<>();

    @Option(
            names = "--exact",
            description = "Compute convolutions only as the sums that define them. Without it, 3x3 convolutions go by"
                    + " Winograd's minimal filtering where that is faster, which loses about a decimal digit; not where"
                    + " the weights let expect a larger error (inspect --kernels).")
    private boolean exact;

    @Option(names = "--stop-after", paramLabel = "PASS", description = "Run no pass after this one.")
    private Optional<String> stopAfter = Optional.empty();

    /** What to generate code for, if that is said. */
    Optional<String> target() {
        return target;
    }

    /** Whether any of them is given that only makes sense where there is something to compile. */
    boolean changeTheGraph() {
        return precision.isPresent() || !dims.isEmpty() || !disabled.isEmpty() || exact || stopAfter.isPresent();
    }

    /** @throws UsageException if a name is unknown or a size is none */
    CompileOptions toCompileOptions() {
        return toCompileOptions(Optional.empty(), Optional.empty());
    }

    /** @throws UsageException if a name is unknown or illegal, or a size is none */
    CompileOptions toCompileOptions(Optional<String> packageName, Optional<String> className) {
        try {
            return new CompileOptions(
                    target.orElse(CompileOptions.defaults().target()),
                    precision.map(ModelOptions::parsePrecision).orElse(Precision.FP32),
                    parseDims(dims),
                    parsePasses(disabled),
                    exact,
                    stopAfter,
                    packageName,
                    className);
        } catch (IllegalArgumentException e) {
            throw Failures.usage(e);
        }
    }

    private static Precision parsePrecision(String name) {
        return Precision.named(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no precision '" + name + "'; there are " + String.join(", ", Precision.ids())));
    }

    private static SortedSet<String> parsePasses(List<String> texts) {
        SortedSet<String> passes = new TreeSet<>();
        for (String text : texts) {
            List<String> names = List.of(text.split(",", -1));
            if (names.contains("")) {
                throw new UsageException("--no-fuse takes PASS[,PASS...], not '" + text + "'");
            }
            passes.addAll(names);
        }
        return passes;
    }

    static SortedMap<String, Integer> parseDims(List<String> texts) {
        SortedMap<String, Integer> sizes = new TreeMap<>();
        for (String text : texts) {
            Matcher matcher = DIM.matcher(text);
            int end = 0;
            while (matcher.find()) {
                put(sizes, matcher.group("name"), matcher.group("size"));
                end = matcher.end();
            }
            if (end < text.length() || text.isEmpty()) {
                throw new UsageException("--dim takes NAME=SIZE[,NAME=SIZE...], not '" + text + "'");
            }
        }
        return sizes;
    }

    private static void put(Map<String, Integer> sizes, String name, String text) {
        long size = Long.parseLong(text);
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw new UsageException("--dim " + name + "=" + text + ": a size lies between 1 and " + Integer.MAX_VALUE);
        }
        Integer other = sizes.put(name, (int) size);
        if (other != null && other != size) {
            throw new UsageException("--dim gives '" + name + "' two sizes, " + other + " and " + size);
        }
    }

    private static final class Targets implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return SardonyxCompiler.targets().iterator();
        }
    }

    private static final class Precisions implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Precision.ids().iterator();
        }
    }

    private static final class Passes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return SardonyxCompiler.fusions().iterator();
        }
    }
}
