package dev.sardonyx.compiler.onnx;

/** A node that is (or may be) legal ONNX, but that Sardonyx does not compile; the message is the reason. */
final class UnsupportedNodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedNodeException(String reason) {
        super(reason);
    }
}
