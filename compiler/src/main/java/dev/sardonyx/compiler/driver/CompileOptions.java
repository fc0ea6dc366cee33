package dev.sardonyx.compiler.driver;

import dev.sardonyx.codegen.Planning;
import dev.sardonyx.compiler.passes.PassPipeline;
import dev.sardonyx.runtime.opencl.Precision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a model is compiled. Immutable; the {@code with…} methods return changed copies.
 *
 * @param target name of the hardware to generate code for, one of {@link SardonyxCompiler#targets()}; two in either order
 * @param precision what the OpenCL target computes in; other targets know {@link Precision#FP32} alone
 * @param dims sizes for the dimensions that the file leaves open, by name
 * @param disabledFusions which of {@link SardonyxCompiler#fusions()} to leave out
 * @param exact whether convolutions are computed only as the sums that define them, not by Winograd's filtering
 * @param stopAfter name of the last pass to run, of {@link PassPipeline#names()}; lowering then fuses nothing either
 * @param packageName Java package of the generated classes and name of the jar's module; where empty, {@code models.} and the
 *     class name in lower case
 * @param className simple name of the model's class; where empty, made from the file's name
 */
public record CompileOptions(
        String target,
        Precision precision,
        SortedMap<String, Integer> dims,
        SortedSet<String> disabledFusions,
        boolean exact,
        Optional<String> stopAfter,
        Optional<String> packageName,
        Optional<String> className) {

    private static final CompileOptions DEFAULTS = new CompileOptions(
            SardonyxCompiler.targets().getFirst(),
            Precision.FP32,
            new TreeMap<>(),
            new TreeSet<>(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** @throws IllegalArgumentException if a name is unknown or no legal Java name; the message is one line for the user */
    public CompileOptions {
        dims = Collections.unmodifiableSortedMap(new TreeMap<>(dims));
        disabledFusions = Collections.unmodifiableSortedSet(new TreeSet<>(disabledFusions));
        target = target.equals("opencl,simd") ? "simd,opencl" : target;
        checkKnown("target", List.of(target), SardonyxCompiler.targets());
        if (target.contains("opencl") && disabledFusions.contains(Planning.LAYOUTS.id())) {
            throw new IllegalArgumentException("--no-fuse " + Planning.LAYOUTS.id() + " is for --target simd");
        }
        if (precision != Precision.FP32 && target.equals("simd")) {
            throw new IllegalArgumentException("--precision " + precision.id() + " is for --target opencl");
        }
        checkKnown("pass", disabledFusions, SardonyxCompiler.fusions());
        checkKnown("pass", stopAfter.stream().toList(), PassPipeline.names());
        packageName.ifPresent(JavaNames::checkPackage);
        className.ifPresent(JavaNames::checkClass);
    }

    private static void checkKnown(String kind, Iterable<String> names, List<String> known) {
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("there is no %s '%s'; there %s %s"
                        .formatted(kind, name, known.size() == 1 ? "is" : "are", String.join(", ", known)));
            }
        }
    }

    /** The first target, all passes, no dimension bound, names from the file's. */
    public static CompileOptions defaults() {
        return DEFAULTS;
    }

    public CompileOptions withTarget(String name) {
        return new CompileOptions(name, precision, dims, disabledFusions, exact, stopAfter, packageName, className);
    }

    public CompileOptions withPrecision(Precision storage) {
        return new CompileOptions(target, storage, dims, disabledFusions, exact, stopAfter, packageName, className);
    }

    public CompileOptions withDims(Map<String, Integer> sizes) {
        return new CompileOptions(
                target, precision, new TreeMap<>(sizes), disabledFusions, exact, stopAfter, packageName, className);
    }

    public CompileOptions withoutFusions(Set<String> names) {
        return new CompileOptions(
                target, precision, dims, new TreeSet<>(names), exact, stopAfter, packageName, className);
    }

    public CompileOptions withExact(boolean only) {
        return new CompileOptions(target, precision, dims, disabledFusions, only, stopAfter, packageName, className);
    }

    public CompileOptions stoppingAfter(String pass) {
        return new CompileOptions(
                target, precision, dims, disabledFusions, exact, Optional.of(pass), packageName, className);
    }

    public CompileOptions withPackage(String name) {
        return new CompileOptions(
                target, precision, dims, disabledFusions, exact, stopAfter, Optional.of(name), className);
    }

    public CompileOptions withClass(String name) {
        return new CompileOptions(
                target, precision, dims, disabledFusions, exact, stopAfter, packageName, Optional.of(name));
    }

    /** What decides the generated code, as on the command line and always in the same order. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>(List.of("--target", target));
        if (precision != Precision.FP32) {
            words.addAll(List.of("--precision", precision.id()));
        }
        if (!dims.isEmpty()) {
            words.add("--dim");
            words.add(dims.entrySet().stream()
                    .map(dim -> dim.getKey() + "=" + dim.getValue())
                    .collect(Collectors.joining(",")));
        }
        if (!disabledFusions.isEmpty()) {
            words.addAll(List.of("--no-fuse", String.join(",", disabledFusions)));
        }
        if (exact) {
            words.add("--exact");
        }
        stopAfter.ifPresent(pass -> words.addAll(List.of("--stop-after", pass)));
        return String.join(" ", words);
    }
}
