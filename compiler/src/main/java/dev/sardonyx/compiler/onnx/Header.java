package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the file says of itself beside the graph.
 *
 * <p>A newer IR version than the protobuf classes know is accepted: what a file means is up to its operator set, and element types
 * that came later are refused where they occur.
 */
final class Header {

    private Header() {}

    /** @throws dev.sardonyx.compiler.InvalidModelException if this is no model, or one of a version that is not read */
    static int opset(ModelProto model, Place place) {
        if (!model.hasGraph()) {
            throw place.broken("not an ONNX model: it holds no graph");
        }
        long ir = model.getIrVersion();
        if (ir < OperatorTable.OLDEST_IR_VERSION) {
            throw place.broken(
                    "IR version %d is not supported; the oldest is %d".formatted(ir, OperatorTable.OLDEST_IR_VERSION));
        }
        List<Long> imported = model.getOpsetImportList().stream()
                .filter(set -> SourceNode.isStandardDomain(set.getDomain()))
                .map(OperatorSetIdProto::getVersion)
                .distinct()
                .toList();
        if (imported.size() != 1) {
            throw place.broken("must import one version of ONNX's operator set, not "
                    + (imported.isEmpty() ? "none" : imported.toString()));
        }
        long opset = imported.getFirst();
        if (opset < OperatorTable.OLDEST_OPSET || opset > OperatorTable.NEWEST_OPSET) {
            throw place.broken("opset %d is not supported; export with one from %d to %d"
                    .formatted(opset, OperatorTable.OLDEST_OPSET, OperatorTable.NEWEST_OPSET));
        }
        return (int) opset;
    }

    static ImportedModel.Metadata metadata(ModelProto model, int opset) {
        Map<String, Integer> operators = new HashMap<>();
        model.getGraph()
                .getNodeList()
                .forEach(node -> operators.merge(new SourceNode(0, node).operator(), 1, Integer::sum));
        Map<String, String> properties = new HashMap<>();
        for (StringStringEntryProto entry : model.getMetadataPropsList()) {
            properties.put(entry.getKey(), entry.getValue());
        }
        String producer = (model.getProducerName() + " " + model.getProducerVersion()).strip();
        return new ImportedModel.Metadata(producer, opset, model.getIrVersion(), operators, properties);
    }
}
