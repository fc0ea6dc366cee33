package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlReportTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
        conv_1,                      conv_1
        <script>alert(1)</script>,   &lt;script&gt;alert(1)&lt;/script&gt;
        a&b,                         a&amp;b
        "x'y,                        &quot;x&#39;y
        """)
    void text_cannot_become_markup(String text, String html) {
        assertThat(HtmlReport.escape(text)).isEqualTo(html);
    }
}
