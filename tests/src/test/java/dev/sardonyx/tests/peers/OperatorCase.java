package dev.sardonyx.tests.peers;

import java.util.function.Consumer;

/**
 * One use of an operator.
 *
 * @param name tells it from others of its group
 * @param first the first opset that has it
 * @param last the last opset that has it
 * @param body adds inputs, nodes and outputs to a model
 */
record OperatorCase(String name, int first, int last, Consumer<PeerModel> body) {

    static OperatorCase of(String name, Consumer<PeerModel> body) {
        return new OperatorCase(name, 0, Integer.MAX_VALUE, body);
    }

    OperatorCase since(int opset) {
        return new OperatorCase(name, opset, last, body);
    }

    OperatorCase until(int opset) {
        return new OperatorCase(name, first, opset, body);
    }

    boolean existsAt(int opset) {
        return first <= opset && opset <= last;
    }
}
