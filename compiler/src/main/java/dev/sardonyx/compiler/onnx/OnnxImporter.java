package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.sardonyx.compiler.InvalidModelException;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.graph.TensorType;
import dev.sardonyx.compiler.graph.Value;
import dev.sardonyx.compiler.onnx.OperatorTable.Operator;
import dev.sardonyx.compiler.onnx.Translator.Definition;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.cli.DataTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads an ONNX file into a {@link Graph}: every shape known, opset differences resolved, and what depends on constants alone
 * computed.
 *
 * <p>An initializer that is also a graph input counts as a constant. Integer inputs that only decide shapes are no inputs of the
 * graph.
 */
public final class OnnxImporter {

    private record FunctionName(String domain, String name) {}

    private final Place place;
    private final ModelProto model;
    private final GraphProto source;
    private final int opset;
    private final TensorReader tensors;
    private final Set<FunctionName> functions;
    private final Map<String, TensorProto> initializers;
    private final Map<String, ValueInfoProto> inputs;
    private final Map<String, ValueInfoProto> outputs;
    private final InputShapes shapes;
    private final Topology topology;
    private final UnsupportedNodes unsupported;
    private final GraphBuilder graph;

    private OnnxImporter(ModelFile file, ImportOptions options, MemoryBudget budget) {
        place = file.place();
        model = file.model();
        source = model.getGraph();
        opset = Header.opset(model, place);
        tensors = new TensorReader(place.file(), budget);
        functions = model.getFunctionsList().stream()
                .map(function -> new FunctionName(function.getDomain(), function.getName()))
                .collect(Collectors.toSet());
        if (source.getSparseInitializerCount() > 0) {
            throw place.broken("sparse initializers are not supported");
        }
        initializers = byName("initializer", source.getInitializerList().stream(), TensorProto::getName);
        inputs = byName(
                "input",
                source.getInputList().stream().filter(input -> !initializers.containsKey(input.getName())),
                ValueInfoProto::getName);
        outputs = byName("output", source.getOutputList().stream(), ValueInfoProto::getName);
        if (outputs.isEmpty()) {
            throw place.broken("the graph has no outputs");
        }
        shapes = new InputShapes(List.copyOf(inputs.values()), options.dims(), place);
        Set<String> given = new HashSet<>(initializers.keySet());
        given.addAll(inputs.keySet());
        topology = new Topology(source, given, place);
        unsupported = new UnsupportedNodes(place.file(), opset);
        graph = new GraphBuilder(topology.names(), budget);
    }

    /**
     * Reads a model.
     *
     * @throws InvalidModelException if the file cannot be read or compiled; the message says in one line which rule is broken
     *     where, or lists all nodes that are not supported
     */
    public static ImportedModel read(Path path, ImportOptions options) {
        MemoryBudget budget = new MemoryBudget(options.memoryBudgetBytes());
        ModelFile file = ModelFile.read(path, budget);
        OnnxImporter importer = new OnnxImporter(file, options, budget);
        // 0.2 s for 100 MB, beside the import.
        CompletableFuture<String> sha256 = CompletableFuture.supplyAsync(file::sha256);
        Graph graph = importer.importGraph();
        Set<Path> files = new HashSet<>(importer.tensors.externalFiles());
        files.add(path);
        return new ImportedModel(graph, sha256.join(), Header.metadata(file.model(), importer.opset), files);
    }

    /**
     * What the file says of itself, also where it cannot be compiled.
     *
     * @throws InvalidModelException if the file cannot be read
     */
    public static ImportedModel.Metadata readMetadata(Path path, ImportOptions options) {
        ModelFile file = ModelFile.read(path, new MemoryBudget(options.memoryBudgetBytes()));
        return Header.metadata(file.model(), Header.opset(file.model(), file.place()));
    }

    private Graph importGraph() {
        List<SourceNode> nodes = topology.order(List.copyOf(outputs.keySet()));
        List<Value> graphInputs = defineInputs();
        defineInitializers();
        nodes.forEach(this::translate);
        unsupported.throwIfAny();
        List<Graph.Output> graphOutputs =
                outputs.values().stream().map(this::output).toList();
        try {
            return graph.build(graphInputs, graphOutputs);
        } catch (IllegalArgumentException tooLarge) {
            throw place.broken("activations: " + tooLarge.getMessage(), tooLarge);
        }
    }

    private List<Value> defineInputs() {
        List<Value> known = new ArrayList<>();
        for (ValueInfoProto input : inputs.values()) {
            Optional<ElementType> element = elementType(input);
            if (element.isEmpty() && topology.isNeeded(input.getName())) {
                throw place.named("input", input.getName())
                        .broken("is " + describe(input.getType()) + ", which is not supported");
            }
            if (element.filter(ElementType::isFloatingPoint).isPresent() || topology.isNeeded(input.getName())) {
                TensorType type = new TensorType(element.orElseThrow(), shapes.resolve(input));
                known.add(graph.input(input.getName(), type));
            }
        }
        return known;
    }

    private void defineInitializers() {
        initializers.forEach((name, tensor) -> {
            if (topology.isNeeded(name)) {
                try {
                    graph.define(name, new Definition.Known(tensors.read(tensor)), name);
                } catch (IllegalArgumentException broken) {
                    throw place.named("initializer", name).broken(broken);
                }
            }
        });
    }

    private void translate(SourceNode node) {
        try {
            Operator operator = operator(node);
            if (!unsupported.isBehind(node)) {
                Translation translation = new Translation(node, opset, graph, tensors);
                Definition definition = operator.translator().translate(translation);
                translation.requireAllRead();
                requireAllDefined(node.proto());
                graph.define(node.proto().getOutput(0), definition, node.displayName());
            }
        } catch (UnsupportedNodeException reason) {
            unsupported.add(node, reason);
        } catch (IllegalArgumentException | ArithmeticException broken) {
            throw place.node(node).broken(broken);
        }
    }

    private Operator operator(SourceNode node) {
        NodeProto proto = node.proto();
        if (functions.contains(new FunctionName(proto.getDomain(), proto.getOpType()))) {
            throw new UnsupportedNodeException(
                    "calls a function that the model defines; export with functions inlined");
        }
        if (!node.isStandard()) {
            throw new UnsupportedNodeException("only operators of ONNX's own domain are supported");
        }
        Operator operator = OperatorTable.find(proto.getOpType())
                .orElseThrow(() -> new UnsupportedNodeException("the operator is not supported"));
        int since = operator.versions().getFirst();
        if (opset < since) {
            throw new UnsupportedNodeException("the operator exists since opset " + since);
        }
        return operator;
    }

    private void requireAllDefined(NodeProto proto) {
        for (int i = 1; i < proto.getOutputCount(); i++) {
            String output = proto.getOutput(i);
            if (topology.isNeeded(output) && !graph.isDefined(output)) {
                throw new UnsupportedNodeException(
                        "its output %d, %s, is read, which is not supported".formatted(i, Place.quote(output)));
            }
        }
    }

    /** The output, whose declared type must not contradict the inferred one. */
    private Graph.Output output(ValueInfoProto declared) {
        Place where = place.named("output", declared.getName());
        Value value = graph.value(declared.getName());
        ElementType element = value.type().element();
        if (declared.getType().getTensorType().getElemType() != DataType.UNDEFINED_VALUE
                && !elementType(declared).equals(Optional.of(element))) {
            throw where.broken("is declared %s, but is %s".formatted(describe(declared.getType()), value.type()));
        }
        // Where the user chose a size, the shape that the file states for another one is no contradiction.
        if (!shapes.anyOpen() && !InputShapes.agree(declared, value.shape())) {
            throw where.broken(
                    "is declared with another shape than %s, which its nodes compute".formatted(value.shape()));
        }
        return new Graph.Output(declared.getName(), value);
    }

    private static Optional<ElementType> elementType(ValueInfoProto value) {
        return ElementTypes.of(value.getType().getTensorType().getElemType());
    }

    private static String describe(TypeProto type) {
        return type.hasTensorType()
                ? DataTypes.name(type.getTensorType().getElemType())
                : "no tensor but " + type.getValueCase().name().toLowerCase(Locale.ROOT);
    }

    private <T> Map<String, T> byName(String kind, Stream<T> things, Function<T, String> name) {
        Map<String, T> map = new LinkedHashMap<>();
        things.forEach(thing -> {
            if (name.apply(thing).isEmpty()) {
                throw place.broken("an " + kind + " has no name");
            }
            if (map.put(name.apply(thing), thing) != null) {
                throw place.named(kind, name.apply(thing)).broken("the name is given twice");
            }
        });
        return map;
    }
}
