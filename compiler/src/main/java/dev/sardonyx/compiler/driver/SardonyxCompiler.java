package dev.sardonyx.compiler.driver;

import dev.sardonyx.codegen.Compilation;
import dev.sardonyx.codegen.GeneratedCode;
import dev.sardonyx.codegen.PlanOptions;
import dev.sardonyx.codegen.Planning;
import dev.sardonyx.codegen.Target;
import dev.sardonyx.codegen.both.BothTargets;
import dev.sardonyx.codegen.opencl.OpenClTarget;
import dev.sardonyx.codegen.program.Cost;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.simd.SimdTarget;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.driver.CompileObserver.Stage;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.Names;
import dev.sardonyx.compiler.lowering.Lowering;
import dev.sardonyx.compiler.onnx.ImportOptions;
import dev.sardonyx.compiler.onnx.ImportedModel;
import dev.sardonyx.compiler.onnx.OnnxImporter;
import dev.sardonyx.compiler.passes.PassOptions;
import dev.sardonyx.compiler.passes.PassPipeline;
import dev.sardonyx.compiler.passes.PassPipeline.Optimized;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.TensorInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compiles ONNX models: read, optimise, lower, generate. Stateless and thread-safe. */
public final class SardonyxCompiler {

    private static final List<Target> TARGETS = List.of(new SimdTarget(), new OpenClTarget(), new BothTargets());

    private static final int MOST_PORTS = 10_000;
    private static final int LONGEST_NAME = 10_000;

    private SardonyxCompiler() {}

    /** The names of the targets, the default one first. */
    public static List<String> targets() {
        return TARGETS.stream().map(Target::name).toList();
    }

    /**
     * The names of everything that {@code --no-fuse} switches off: the passes in their order, then what lowering does, then what targets
     * do.
     */
    public static List<String> fusions() {
        return Stream.of(
                        PassPipeline.names().stream(),
                        Arrays.stream(Lowering.Fusion.values()).map(Lowering.Fusion::id),
                        Arrays.stream(Planning.values()).map(Planning::id))
                .flatMap(names -> names)
                .toList();
    }

    /** The version of this compiler. */
    public static String version() {
        return Optional.ofNullable(SardonyxCompiler.class.getPackage().getImplementationVersion())
                .orElse("(not from a jar)");
    }

    /** As {@link #compile(Path, CompileOptions, CompileObserver)}, unobserved. */
    public static CompileResult compile(Path model, CompileOptions options) {
        return compile(model, options, CompileObserver.NONE);
    }

    /**
     * Compiles a model as far as Java source. Nothing is written.
     *
     * @param model the ONNX file
     * @param observer is told of each step as it happens
     * @throws dev.sardonyx.compiler.InvalidModelException if the file cannot be read or compiled
     */
    public static CompileResult compile(Path model, CompileOptions options, CompileObserver observer) {
        observer.begins(Stage.READ);
        ImportedModel imported = OnnxImporter.read(model, ImportOptions.withDims(options.dims()));
        observer.read(imported.graph());

        observer.begins(Stage.OPTIMISE);
        Optimized optimized = PassPipeline.run(
                imported.graph(), new PassOptions(disabledPasses(options), options.stopAfter(), observer::passed));

        observer.begins(Stage.GENERATE);
        Program program = lower(model, optimized.graph(), options);
        checkPorts(model, "input", program.inputs());
        checkPorts(model, "output", program.outputs());
        String className = options.className().orElseGet(() -> JavaNames.classFor(model));
        Compilation compilation = new Compilation(
                program,
                info(className, imported, options, program),
                options.packageName().orElseGet(() -> JavaNames.packageFor(className)),
                new PlanOptions(options.exact(), disabledInPlanning(options), options.precision()));
        return new CompileResult(imported, optimized, compilation, generate(model, compilation, options));
    }

    private static Program lower(Path model, Graph graph, CompileOptions options) {
        try {
            return Lowering.lower(graph, disabledInLowering(options));
        } catch (InvalidModelException e) {
            throw new InvalidModelException(model + ": " + e.getMessage(), e);
        }
    }

    private static GeneratedCode generate(Path model, Compilation compilation, CompileOptions options) {
        try {
            return target(options).generate(compilation);
        } catch (ArithmeticException e) {
            throw new InvalidModelException(model + ": its tensors are too large, together more than 2^31 elements", e);
        }
    }

    private static Set<String> disabledPasses(CompileOptions options) {
        Set<String> passes = new TreeSet<>(options.disabledFusions());
        passes.retainAll(PassPipeline.names());
        return passes;
    }

    private static Set<Lowering.Fusion> disabledInLowering(CompileOptions options) {
        return Arrays.stream(Lowering.Fusion.values())
                .filter(fusion -> options.stopAfter().isPresent()
                        || options.disabledFusions().contains(fusion.id()))
                .collect(Collectors.toSet());
    }

    private static Set<Planning> disabledInPlanning(CompileOptions options) {
        return Arrays.stream(Planning.values())
                .filter(planning -> options.disabledFusions().contains(planning.id()))
                .collect(Collectors.toSet());
    }

    /** The bounds of what fits into a class file. */
    private static void checkPorts(Path model, String kind, List<Port> ports) {
        if (ports.size() > MOST_PORTS) {
            throw new InvalidModelException(
                    "%s: has %d %ss; at most %d are supported".formatted(model, ports.size(), kind, MOST_PORTS));
        }
        for (Port port : ports) {
            if (port.name().length() > LONGEST_NAME) {
                throw new InvalidModelException("%s: %s %s...: its name is %d characters long; at most %d are supported"
                        .formatted(
                                model,
                                kind,
                                Names.quote(port.name().substring(0, 50)),
                                port.name().length(),
                                LONGEST_NAME));
            }
        }
    }

    private static Target target(CompileOptions options) {
        return TARGETS.stream()
                .filter(target -> target.name().equals(options.target()))
                .findFirst()
                .orElseThrow();
    }

    private static ModelInfo info(String className, ImportedModel imported, CompileOptions options, Program program) {
        return new ModelInfo(
                className,
                imported.sha256(),
                options.toString(),
                version(),
                tensors(program.inputs()),
                tensors(program.outputs()),
                Parameters.count(imported.graph()),
                Cost.of(program).multiplyAccumulates());
    }

    private static List<TensorInfo> tensors(List<Port> ports) {
        return ports.stream()
                .map(port -> new TensorInfo(
                        port.name(), port.elementType(), port.buffer().shape()))
                .toList();
    }
}
