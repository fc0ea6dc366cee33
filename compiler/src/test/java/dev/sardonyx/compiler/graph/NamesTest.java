package dev.sardonyx.compiler.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NamesTest {

    private static final String ESCAPE = Character.toString(0x1B);
    private static final String RIGHT_TO_LEFT = Character.toString(0x202E);
    private static final String LINE_SEPARATOR = Character.toString(0x2028);
    private static final String UNPAIRED_SURROGATE = Character.toString(0xD800);
    private static final String FACE = Character.toString(0x1F600);
    private static final String TAG = Character.toString(0xE0041);

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void quotes(String name, String expected) {
        assertThat(Names.quote(name)).isEqualTo(expected);
    }

    static Stream<Arguments> quotes() {
        return Stream.of(
                arguments("conv1", "'conv1'"),
                arguments("", "''"),
                arguments("layer1/Größe_層 x", "'layer1/Größe_層 x'"),
                arguments("it's", "'it\\'s'"),
                arguments("\\n", "'\\\\n'"),
                arguments("a\nb", "'a\\nb'"),
                arguments("a\r\tb", "'a\\r\\tb'"),
                arguments(ESCAPE + "[2J", "'\\u001b[2J'"),
                arguments(RIGHT_TO_LEFT + "txt", "'\\u202etxt'"),
                arguments(LINE_SEPARATOR, "'\\u2028'"),
                arguments(UNPAIRED_SURROGATE + "x", "'\\ud800x'"),
                arguments(FACE, "'" + FACE + "'"),
                arguments(TAG, "'\\udb40\\udc41'"));
    }
}
