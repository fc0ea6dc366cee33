package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.program.Expression;
import java.util.List;

/**
 * An element-wise inner loop, as it is generated: calls that agree in this share it.
 *
 * @param expression what is computed
 * @param strides step from element to element, by operand
 */
record PointwiseLoop(Expression expression, List<Integer> strides) {
    PointwiseLoop {
        strides = List.copyOf(strides);
    }
}
