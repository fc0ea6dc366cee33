package dev.sardonyx.compiler.cli;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Spoils models: each change is one that a broken exporter, a damaged disk or an attacker might make. */
final class ModelMutator {

    private final Random random;
    private final NastyValues values;

    ModelMutator(Random random) {
        this.random = random;
        values = new NastyValues(random);
    }

    /** The file after one to four changes to the model; perhaps some of its bytes, too. */
    byte[] mutate(ModelProto base) {
        ModelProto.Builder model = base.toBuilder();
        List<Consumer<ModelProto.Builder>> changes = List.of(
                this::changeNodes,
                this::changeNodes,
                this::changeAttribute,
                this::changeAttribute,
                this::changeAttribute,
                this::changeInitializer,
                this::changeInitializer,
                this::changeInput,
                this::changeOutput,
                this::rename,
                this::changeHeader,
                this::grow);
        for (int i = random.nextInt(5); i > 0; i--) {
            values.pick(changes).accept(model);
        }
        byte[] bytes = model.build().toByteArray();
        return random.nextInt(4) == 0 ? damage(bytes) : bytes;
    }

    /** Bytes changed, lost, doubled or cut off. */
    private byte[] damage(byte[] bytes) {
        byte[] damaged = bytes.clone();
        for (int i = random.nextInt(1, 9); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        int at = random.nextInt(damaged.length);
        int length = Math.min(random.nextInt(1, 64), damaged.length - at);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(damaged, at);
            case 1 -> joined(damaged, 0, at, at + length, damaged.length);
            case 2 -> joined(damaged, 0, at + length, at, damaged.length);
            default -> damaged;
        };
    }

    private static byte[] joined(byte[] bytes, int from, int to, int from2, int to2) {
        byte[] result = Arrays.copyOf(Arrays.copyOfRange(bytes, from, to), to - from + to2 - from2);
        System.arraycopy(bytes, from2, result, to - from, to2 - from2);
        return result;
    }

    private String anyValue(GraphProto.Builder graph) {
        List<String> names = new ArrayList<>();
        graph.getInputList().forEach(input -> names.add(input.getName()));
        graph.getInitializerList().forEach(initializer -> names.add(initializer.getName()));
        graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
        names.add("");
        names.add("undefined");
        return values.pick(names);
    }

    private void changeNodes(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        if (graph.getNodeCount() == 0) {
            return;
        }
        int index = random.nextInt(graph.getNodeCount());
        NodeProto.Builder node = graph.getNodeBuilder(index);
        switch (random.nextInt(11)) {
            case 0 -> graph.removeNode(index);
            case 1 -> graph.addNode(node.build());
            case 2 -> { // the same again, under another name
                NodeProto.Builder twin = node.build().toBuilder().clearOutput();
                node.getOutputList().forEach(output -> twin.addOutput(output + "'"));
                graph.addNode(random.nextInt(graph.getNodeCount()), twin);
            }
            case 3 -> {
                int other = random.nextInt(graph.getNodeCount());
                NodeProto moved = graph.getNode(other);
                graph.setNode(other, node.build());
                graph.setNode(index, moved);
            }
            case 4, 5 -> { // reads something else, itself perhaps
                if (node.getInputCount() > 0) {
                    node.setInput(random.nextInt(node.getInputCount()), anyValue(graph));
                }
            }
            case 6 -> node.addInput(anyValue(graph));
            case 7 -> {
                List<String> inputs = new ArrayList<>(node.getInputList());
                if (!inputs.isEmpty()) {
                    inputs.remove(random.nextInt(inputs.size()));
                }
                node.clearInput().addAllInput(inputs);
            }
            case 8 -> node.setOpType(values.operator());
            case 9 -> node.addOutput(random.nextBoolean() ? anyValue(graph) : "more");
            default -> node.setDomain(values.pick(List.of("ai.onnx", "com.microsoft", "ai.onnx.ml", "x")));
        }
    }

    private void changeAttribute(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        List<NodeProto.Builder> nodes = new ArrayList<>(graph.getNodeBuilderList());
        if (random.nextInt(4) != 0) {
            nodes.removeIf(node -> node.getAttributeCount() == 0);
        }
        if (nodes.isEmpty()) {
            return;
        }
        NodeProto.Builder node = values.pick(nodes);
        if (node.getAttributeCount() == 0 || random.nextInt(5) == 0) {
            node.addAttribute(attribute());
            return;
        }
        int index = random.nextInt(node.getAttributeCount());
        AttributeProto.Builder attribute = node.getAttributeBuilder(index);
        switch (random.nextInt(7)) {
            case 0 -> node.removeAttribute(index);
            case 1 -> node.addAttribute(attribute.build());
            case 2 -> attribute.setType(values.pick(List.of(AttributeType.values())));
            case 3 -> attribute.addInts(values.number());
            default -> {
                if (attribute.getIntsCount() > 0) {
                    attribute.setInts(random.nextInt(attribute.getIntsCount()), values.number());
                } else if (attribute.hasT()) {
                    changeTensor(attribute.getTBuilder());
                } else {
                    attribute.setI(values.number()).setF(values.real()).setS(ByteString.copyFromUtf8(values.name()));
                }
            }
        }
    }

    private AttributeProto attribute() {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(values.attribute());
        switch (random.nextInt(6)) {
            case 0 -> attribute.setType(AttributeType.INT).setI(values.number());
            case 1 -> attribute.setType(AttributeType.FLOAT).setF(values.real());
            case 2 ->
                attribute
                        .setType(AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8(values.pick(
                                List.of("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "constant", "edge", "x"))));
            case 3 -> attribute.setType(AttributeType.GRAPH).setG(nested(random.nextInt(1, 200)));
            default -> {
                attribute.setType(AttributeType.INTS);
                for (int i = random.nextInt(8); i > 0; i--) {
                    attribute.addInts(values.number());
                }
            }
        }
        return attribute.build();
    }

    /** A graph with a node with a graph, {@code levels} deep. */
    private static GraphProto nested(int levels) {
        GraphProto graph = GraphProto.getDefaultInstance();
        for (int i = 0; i < levels; i++) {
            AttributeProto body = AttributeProto.newBuilder()
                    .setName("body")
                    .setType(AttributeType.GRAPH)
                    .setG(graph)
                    .build();
            graph = GraphProto.newBuilder()
                    .addNode(NodeProto.newBuilder().setOpType("If").addAttribute(body))
                    .build();
        }
        return graph;
    }

    private void changeInitializer(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        if (graph.getInitializerCount() == 0) {
            return;
        }
        int index = random.nextInt(graph.getInitializerCount());
        switch (random.nextInt(12)) {
            case 0 -> graph.removeInitializer(index);
            case 1 -> graph.addInitializer(graph.getInitializer(index));
            case 2 -> graph.addSparseInitializerBuilder();
            default -> changeTensor(graph.getInitializerBuilder(index));
        }
    }

    private void changeTensor(TensorProto.Builder tensor) {
        switch (random.nextInt(9)) {
            case 0 -> tensor.addDims(values.number());
            case 1 -> {
                if (tensor.getDimsCount() > 0) {
                    tensor.setDims(random.nextInt(tensor.getDimsCount()), values.number());
                }
            }
            case 2 -> tensor.clearDims();
            case 3 -> tensor.setDataType(random.nextInt(-1, 24));
            case 4 -> { // shorter or longer
                byte[] raw = tensor.getRawData().toByteArray();
                tensor.setRawData(ByteString.copyFrom(Arrays.copyOf(raw, random.nextInt(raw.length + 9))));
            }
            case 5 ->
                tensor.addFloatData(values.real()).addInt64Data(values.number()).addInt32Data((int) values.number());
            case 6 -> { // other values: shapes, axes and pads among them
                byte[] raw = tensor.getRawData().toByteArray();
                for (int i = 0; i < raw.length && i < 64; i++) {
                    raw[random.nextInt(raw.length)] = (byte) random.nextInt(-3, 4);
                }
                tensor.setRawData(ByteString.copyFrom(raw));
            }
            default -> {
                tensor.clearRawData().clearFloatData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
                tensor.addExternalData(entry("location", values.location()));
                if (random.nextBoolean()) {
                    tensor.addExternalData(entry("offset", Long.toString(values.number())));
                    tensor.addExternalData(
                            entry("length", random.nextBoolean() ? "x" : Long.toString(values.number())));
                }
            }
        }
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private void changeInput(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        if (graph.getInputCount() == 0) {
            return;
        }
        int index = random.nextInt(graph.getInputCount());
        if (random.nextInt(10) == 0) {
            graph.removeInput(index);
            return;
        }
        changeValue(graph.getInputBuilder(index));
    }

    private void changeValue(ValueInfoProto.Builder value) {
        TensorShapeProto.Builder shape =
                value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
        switch (random.nextInt(6)) {
            case 0 -> value.getTypeBuilder().getTensorTypeBuilder().setElemType(random.nextInt(-1, 24));
            case 1 -> value.clearType();
            case 2 -> shape.addDimBuilder().setDimValue(values.number());
            case 3 -> shape.clearDim();
            default -> {
                if (shape.getDimCount() > 0) {
                    TensorShapeProto.Dimension.Builder dim = shape.getDimBuilder(random.nextInt(shape.getDimCount()));
                    if (random.nextInt(4) == 0) {
                        dim.setDimParam(values.name());
                    } else {
                        dim.setDimValue(values.number());
                    }
                }
            }
        }
    }

    private void changeOutput(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        int index = random.nextInt(graph.getOutputCount() + 1);
        if (index == graph.getOutputCount()) {
            graph.addOutputBuilder().setName(anyValue(graph));
        } else if (random.nextInt(4) == 0) {
            graph.removeOutput(index);
        } else if (random.nextBoolean()) {
            graph.getOutputBuilder(index).setName(anyValue(graph));
        } else {
            changeValue(graph.getOutputBuilder(index));
        }
    }

    /** A value gets another name everywhere. */
    private void rename(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        String old = anyValue(graph);
        String name = values.name();
        graph.getInputBuilderList().stream()
                .filter(i -> i.getName().equals(old))
                .forEach(i -> i.setName(name));
        graph.getOutputBuilderList().stream()
                .filter(o -> o.getName().equals(old))
                .forEach(o -> o.setName(name));
        graph.getInitializerBuilderList().stream()
                .filter(t -> t.getName().equals(old))
                .forEach(t -> t.setName(name));
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                if (node.getInput(i).equals(old)) {
                    node.setInput(i, name);
                }
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (node.getOutput(i).equals(old)) {
                    node.setOutput(i, name).setName(name);
                }
            }
        }
    }

    private void changeHeader(ModelProto.Builder model) {
        switch (random.nextInt(6)) {
            case 0 -> model.setIrVersion(values.number());
            case 1 -> model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(values.number()));
            case 2 -> model.clearOpsetImport();
            case 3 ->
                model.clearOpsetImport()
                        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(random.nextInt(1, 27)));
            case 4 -> model.addFunctionsBuilder().setName(values.operator()).setDomain("");
            default -> model.setProducerName(values.name()).setProducerVersion(values.name());
        }
    }

    /** Adds much of the same behind a value, and an output that needs it. */
    private void grow(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        String value = anyValue(graph);
        int count = random.nextInt(10) == 0 ? 3000 : random.nextInt(1, 60);
        switch (random.nextInt(3)) {
            case 0 -> { // long
                String op = values.operator();
                String last = value;
                for (int i = 0; i < count; i++) {
                    String next = "grown" + i;
                    graph.addNodeBuilder().setOpType(op).addInput(last).addOutput(next);
                    last = next;
                }
                graph.addOutputBuilder().setName(last);
            }
            case 1 -> { // wide
                NodeProto.Builder node = graph.addNodeBuilder()
                        .setOpType(values.pick(List.of("Concat", "Sum", "Max")))
                        .addOutput("wide");
                for (int i = 0; i < count; i++) {
                    node.addInput(value);
                }
                node.addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeType.INT)
                        .setI(random.nextInt(-2, 3)));
                graph.addOutputBuilder().setName("wide");
            }
            default -> { // doubles with each step
                String last = value;
                for (int i = 0; i < Math.min(count, 70); i++) {
                    String next = "doubled" + i;
                    graph.addNodeBuilder()
                            .setOpType(random.nextInt(8) == 0 ? "Add" : "Concat")
                            .addInput(last)
                            .addInput(last)
                            .addOutput(next)
                            .addAttribute(AttributeProto.newBuilder()
                                    .setName("axis")
                                    .setType(AttributeType.INT)
                                    .setI(0));
                    last = next;
                }
                graph.addOutputBuilder().setName(last);
            }
        }
    }
}
