package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;

/** A node of the file and its place in the file's order. */
record SourceNode(int index, NodeProto proto) {

    /** The node's name, or its operator and index where it has none. */
    String displayName() {
        return proto.getName().isEmpty() ? proto.getOpType() + "#" + index : proto.getName();
    }

    /** The operator, with its domain unless that is ONNX's own. */
    String operator() {
        return isStandard() ? proto.getOpType() : proto.getDomain() + "." + proto.getOpType();
    }

    boolean isStandard() {
        return isStandardDomain(proto.getDomain());
    }

    static boolean isStandardDomain(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }
}
