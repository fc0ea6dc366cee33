package dev.sardonyx.codegen.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Expression;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorExpressionWriterTest {

    /** Found by a model with 43 LeakyRelus in a row: its source would have had 3^16 terms. */
    @ParameterizedTest
    @EnumSource
    void a_chain_of_functions_is_written_in_linear_length(Expression.BinaryFunction function) {
        Expression expression = new Expression.Input(0);
        for (int i = 0; i < 8; i++) {
            expression = new Expression.Binary(function, expression, new Expression.Literal(0.5f));
        }

        String code = VectorExpressionWriter.write(new PointwiseLoop(expression, List.of(1)))
                .toString();

        assertThat(code).containsOnlyOnce("a0").hasSizeLessThan(1500);
    }
}
