package dev.sardonyx.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.Engine;
import dev.sardonyx.runtime.LoadOptions;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import dev.sardonyx.runtime.cli.ModelLoader;
import dev.sardonyx.runtime.cli.ModelMain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/** Writes the class that a service uses: {@code load()}, sessions typed from the graph, and {@code main}. */
final class ModelWriter {

    /** A method takes no more arguments beside {@code this} (JVMS 4.3.3), and a record has no more components. */
    private static final int MOST_PARAMETERS = 254;

    /** Tensors that a method describes: some 60 bytecodes each, of the 8000 that the JVM compiles. */
    private static final int TENSORS_PER_METHOD = 64;

    /** Variables of the generated method, and what cannot name a record's component (JLS 8.10.1). */
    private static final Set<String> TAKEN = Set.of(
            "arguments",
            "results",
            "clone",
            "finalize",
            "getClass",
            "hashCode",
            "notify",
            "notifyAll",
            "toString",
            "wait");

    private final Compilation compilation;
    private final CodeBlock engine;
    private final Set<RuntimePart> parts;
    private final ClassName model;
    private final ClassName session;

    ModelWriter(Compilation compilation, CodeBlock engine, Set<RuntimePart> parts) {
        this.compilation = compilation;
        this.engine = engine;
        this.parts = parts;
        model = ClassName.get(compilation.packageName(), compilation.className());
        session = model.nestedClass("Session");
    }

    private List<TensorInfo> inputs() {
        return compilation.info().inputs();
    }

    private List<TensorInfo> outputs() {
        return compilation.info().outputs();
    }

    JavaFile write() {
        TypeSpec type = TypeSpec.classBuilder(model)
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .superclass(CompiledModel.class)
                .addJavadoc("""
                    A compiled network. Load it once, open a session per thread:

                    <pre>{@code
                    try ($1L model = $1L.load(); var session = model.newSession()) {
                        float[] result = session.run(input);
                    }
                    }</pre>

                    <p>Inputs:
                    <ul>
                    $2L</ul>

                    <p>Outputs:
                    <ul>
                    $3L</ul>
                    """, compilation.className(), listed(inputs()), listed(outputs()))
                .addField(com.palantir.javapoet.FieldSpec.builder(
                                ModelInfo.class, "INFO", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                        .initializer(info())
                        .build())
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .addParameter(Engine.class, "engine")
                        .addStatement("super(INFO, engine)")
                        .build())
                .addMethod(MethodSpec.methodBuilder("load")
                        .addJavadoc("Reads and packs the weights. The model is thread-safe and may live as long as the"
                                + " service.\n")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .returns(model)
                        .addStatement("return load($T.defaults())", LoadOptions.class)
                        .build())
                .addMethod(MethodSpec.methodBuilder("load")
                        .addJavadoc("As {@link #load()}, as {@code options} say.\n")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addParameter(LoadOptions.class, "options")
                        .returns(model)
                        .addStatement("return new $T($L)", model, engine)
                        .build())
                .addMethod(MethodSpec.methodBuilder("newSession")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PUBLIC)
                        .returns(session)
                        .addStatement("return newSession($T.defaults())", SessionOptions.class)
                        .build())
                .addMethod(MethodSpec.methodBuilder("newSession")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PUBLIC)
                        .addParameter(SessionOptions.class, "options")
                        .returns(session)
                        .addStatement("return new $T(this, options)", session)
                        .build())
                .addMethod(MethodSpec.methodBuilder("main")
                        .addJavadoc("The command line of the jar: run, verify, bench, info.\n")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addParameter(String[].class, "args")
                        .addStatement(
                                "$T.$L(args, $T.class, new Loader())",
                                ModelMain.class,
                                parts.contains(RuntimePart.SIMD) ? "main" : "mainWithoutVectors",
                                model)
                        .build())
                .addMethods(descriptions("inputs", inputs()))
                .addMethods(descriptions("outputs", outputs()))
                .addType(session())
                .addType(loader())
                .build();
        return JavaFile.builder(compilation.packageName(), type)
                .addFileComment("$L", Names.header(compilation))
                .skipJavaLangImports(true)
                .indent("    ")
                .build();
    }

    private static String listed(List<TensorInfo> tensors) {
        StringBuilder list = new StringBuilder();
        tensors.forEach(tensor ->
                list.append("<li>").append(Names.comment(tensor.toString())).append("</li>\n"));
        return list.toString();
    }

    private CodeBlock info() {
        ModelInfo info = compilation.info();
        return CodeBlock.of(
                "new $T($S,\n$S,\n$S,\n$S,\n$L,\n$L,\n$LL, $LL)",
                ModelInfo.class,
                info.name(),
                info.sourceSha256(),
                info.options(),
                info.compilerVersion(),
                tensors("inputs", info.inputs()),
                tensors("outputs", info.outputs()),
                info.parameters(),
                info.multiplyAccumulates());
    }

    /** The list of {@code tensors}: in place, or from {@link #descriptions} where that would be too long. */
    private static CodeBlock tensors(String name, List<TensorInfo> tensors) {
        int methods = Math.ceilDiv(tensors.size(), TENSORS_PER_METHOD);
        if (methods <= 1) {
            return tensors(tensors);
        }
        CodeBlock parts = IntStream.range(0, methods)
                .mapToObj(i -> CodeBlock.of("$L$L()", name, i))
                .collect(CodeBlock.joining(", "));
        return CodeBlock.of("$T.of($L).flatMap($T::stream).toList()", Stream.class, parts, List.class);
    }

    private static List<MethodSpec> descriptions(String name, List<TensorInfo> tensors) {
        int methods = Math.ceilDiv(tensors.size(), TENSORS_PER_METHOD);
        if (methods <= 1) {
            return List.of();
        }
        return IntStream.range(0, methods)
                .mapToObj(i -> MethodSpec.methodBuilder(name + i)
                        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                        .returns(ParameterizedTypeName.get(List.class, TensorInfo.class))
                        .addStatement(
                                "return $L",
                                tensors(tensors.subList(
                                        i * TENSORS_PER_METHOD,
                                        Math.min((i + 1) * TENSORS_PER_METHOD, tensors.size()))))
                        .build())
                .toList();
    }

    private static CodeBlock tensors(List<TensorInfo> tensors) {
        List<CodeBlock> items = tensors.stream()
                .map(t -> CodeBlock.of(
                        "new $T($S, $T.$L, $T.of($L))",
                        TensorInfo.class,
                        t.name(),
                        ElementType.class,
                        t.elementType().name(),
                        List.class,
                        String.join(
                                ", ", t.shape().stream().map(String::valueOf).toList())))
                .toList();
        return CodeBlock.of("$T.of($L)", List.class, CodeBlock.join(items, ", "));
    }

    /** Whether there can be a {@code run} with a parameter for each input and all outputs in one result. */
    private boolean canBeTyped() {
        return !inputs().isEmpty()
                && inputs().size() <= MOST_PARAMETERS
                && outputs().size() <= MOST_PARAMETERS;
    }

    private TypeSpec loader() {
        MethodSpec.Builder load = MethodSpec.methodBuilder("load")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(CompiledModel.class);
        return TypeSpec.classBuilder("Loader")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .addSuperinterface(ModelLoader.class)
                .addMethod(load.build().toBuilder()
                        .addStatement("return $T.load()", model)
                        .build())
                .addMethod(load.addParameter(LoadOptions.class, "options")
                        .addStatement("return $T.load(options)", model)
                        .build())
                .addMethod(MethodSpec.methodBuilder("info")
                        .addAnnotation(Override.class)
                        .addModifiers(Modifier.PUBLIC)
                        .returns(ModelInfo.class)
                        .addStatement("return INFO")
                        .build())
                .build();
    }

    private TypeSpec session() {
        TypeSpec.Builder type = TypeSpec.classBuilder(session)
                .addJavadoc("A session of this model$L.\n", canBeTyped() ? ", typed from its graph" : "")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .superclass(Session.class);
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PRIVATE)
                .addParameter(model, "model")
                .addParameter(SessionOptions.class, "options")
                .addStatement("super(model, options)");
        if (!canBeTyped()) {
            return type.addMethod(constructor.build()).build();
        }
        type.addField(float[][].class, "arguments", Modifier.PRIVATE, Modifier.FINAL)
                .addMethod(constructor
                        .addStatement("arguments = new float[$L][]", inputs().size())
                        .build());
        List<String> names = names(inputs());
        MethodSpec.Builder run = MethodSpec.methodBuilder("run").addModifiers(Modifier.PUBLIC);
        run.addJavadoc("Runs the network once.\n\n");
        for (int i = 0; i < names.size(); i++) {
            run.addParameter(float[].class, names.get(i));
            run.addStatement("arguments[$L] = $L", i, names.get(i));
            run.addJavadoc(
                    "@param $L $L; only read\n",
                    names.get(i),
                    Names.comment(inputs().get(i).toString()));
        }
        run.addStatement("run(arguments, outputs())");
        if (outputs().size() == 1) {
            run.returns(float[].class)
                    .addJavadoc(
                            "@return $L; the session's own array, which its next run overwrites\n",
                            Names.comment(outputs().getFirst().toString()))
                    .addStatement("return output(0)");
        } else {
            TypeSpec record = results();
            type.addType(record)
                    .addField(com.palantir.javapoet.FieldSpec.builder(
                                    session.nestedClass("Results"), "results", Modifier.PRIVATE, Modifier.FINAL)
                            .initializer(
                                    "new Results($L)",
                                    String.join(
                                            ", ",
                                            IntStream.range(0, outputs().size())
                                                    .mapToObj(i -> "output(" + i + ")")
                                                    .toList()))
                            .build());
            run.returns(session.nestedClass("Results"))
                    .addJavadoc("@return the session's own arrays, which its next run overwrites\n")
                    .addStatement("return results");
        }
        return type.addMethod(run.build()).build();
    }

    private TypeSpec results() {
        List<String> names = names(outputs());
        MethodSpec.Builder components = MethodSpec.constructorBuilder();
        TypeSpec.Builder record = TypeSpec.recordBuilder("Results")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("All outputs of a run.\n\n");
        for (int i = 0; i < names.size(); i++) {
            components.addParameter(float[].class, names.get(i));
            record.addJavadoc(
                    "@param $L $L\n",
                    names.get(i),
                    Names.comment(outputs().get(i).toString()));
        }
        return record.recordConstructor(components.build()).build();
    }

    /** Distinct variable names for tensors. */
    private static List<String> names(List<TensorInfo> tensors) {
        Set<String> taken = new HashSet<>(TAKEN);
        List<String> names = new ArrayList<>();
        for (TensorInfo tensor : tensors) {
            String wanted = Names.variableName(tensor.name());
            String name = wanted;
            for (int i = 2; !taken.add(name); i++) {
                name = wanted + i;
            }
            names.add(name);
        }
        return names;
    }
}
