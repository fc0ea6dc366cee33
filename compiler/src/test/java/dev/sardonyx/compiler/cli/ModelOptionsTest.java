package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelOptionsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        N=1                     | {N=1}
        N=1,H=224,W=224         | {H=224, N=1, W=224}
        N=2,N=2                 | {N=2}
        input[2]=64             | {input[2]=64}
        a=b=3                   | {a=b=3}
        a,b=3,c=4               | {a,b=3, c=4}
        height + 1=7            | {height + 1=7}
        """)
    void dimensions(String text, String sizes) {
        assertThat(ModelOptions.parseDims(List.of(text))).hasToString(sizes);
    }
}
