package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmCommandLineTest {

    private static List<String> words(String line) {
        return line.isEmpty() ? List.of() : Arrays.asList(line.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "-jar m.jar run -x, run -x, '', -jar m.jar",
        "-Xmx1g -Da=b -jar m.jar, '', -Xmx1g -Da=b, -jar m.jar",
        "@opts -jar m.jar run, run, @opts, -jar m.jar",
        "-cp m.jar com.acme.Net run, run, -cp m.jar, com.acme.Net",
        "-cp m.jar com/acme/Net run, run, -cp m.jar, com/acme/Net",
        "-jar m.jar -jar m.jar, -jar m.jar, '', -jar m.jar",
    })
    void splitsWhatTheOperatingSystemTells(String words, String args, String options, String main) {
        assertThat(JvmCommandLine.split(words(words), words(args), "com.acme.Net"))
                .contains(new JvmCommandLine(words(options), words(main)));
    }

    @ParameterizedTest
    @CsvSource({
        "@everything, run -x", // the launcher expanded the arguments
        "-cp m.jar other.Launcher run, run",
        "'', ''",
        "run, run",
        "-jar m.jar run, bench",
    })
    void givesUpOnAnythingElse(String words, String args) {
        assertThat(JvmCommandLine.split(words(words), words(args), "com.acme.Net"))
                .isEqualTo(Optional.empty());
    }

    @Test
    void asksTheJvmWhereTheProcessDoesNotTell() {
        JvmCommandLine line = JvmCommandLine.ofThisProcess(new String[] {"not", "ours"}, JvmCommandLineTest.class);

        assertThat(line.main())
                .containsExactly("-cp", System.getProperty("java.class.path"), JvmCommandLineTest.class.getName());
        assertThat(line.options()).anyMatch(option -> option.contains("jdk.incubator.vector"));
    }
}
