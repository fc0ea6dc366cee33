package dev.sardonyx.codegen.program;

import java.util.List;

/** What a {@link Kernel} reads: a buffer, or a constant. */
public sealed interface Operand {

    List<Integer> shape();

    record Variable(Buffer buffer) implements Operand {
        @Override
        public List<Integer> shape() {
            return buffer.shape();
        }
    }

    record Fixed(Constant constant) implements Operand {
        @Override
        public List<Integer> shape() {
            return constant.shape();
        }
    }
}
