package dev.sardonyx.compiler.cli;

import dev.sardonyx.codegen.KernelReport;
import dev.sardonyx.compiler.cli.Facts.Fact;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.compiler.driver.SardonyxCompiler;
import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A page on a compilation that needs nothing but itself: no scripts, no other files. Everything from the model is escaped. */
final class HtmlReport {

    @SuppressWarnings("InlineFormatString") // a page within the method would bury the method
    private static final String PAGE = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; }
        h2 { font-size: 1.1rem; margin-top: 2rem; }
        table { border-collapse: collapse; }
        th, td { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
        tr + tr td { border-top: 1px solid #8884; }
        th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        footer { margin-top: 2rem; color: #888; }
        </style>
        </head>
        <body>
        <h1>%1$s</h1>
        <h2>Model</h2>
        %2$s<h2>What was fused</h2>
        <ul>
        %3$s</ul>
        %4$s<h2>Jar</h2>
        %5$s<h2>Kernels</h2>
        %6$s<footer>Written by Sardonyx %7$s.</footer>
        </body>
        </html>
        """;

    private HtmlReport() {}

    /** @throws dev.sardonyx.runtime.cli.UsageException if the file cannot be written */
    static void write(CompileResult result, WrittenJar jar, Path file) {
        String page = page(result, jar);
        try {
            WholeFile.write(file, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw Failures.usage(e);
        }
    }

    private static String page(CompileResult result, WrittenJar jar) {
        String fused = Facts.fused(result).stream()
                .map(line -> "<li>" + escape(line) + "</li>\n")
                .collect(Collectors.joining());
        List<Fact> code = Facts.code(result);
        return PAGE.formatted(
                escape(result.info().name()),
                facts(Facts.model(result)),
                fused,
                operators(result),
                facts(jar.facts()) + facts(code),
                kernels(result),
                escape(SardonyxCompiler.version()));
    }

    private static String facts(List<Fact> facts) {
        return facts.stream()
                .map(fact -> row(cell(fact.name()) + cell(fact.value())))
                .collect(Collectors.joining("", "<table>\n", "</table>\n"));
    }

    private static String operators(CompileResult result) {
        StringBuilder rows = new StringBuilder(row(heading("operator")
                + numberHeading("in the file")
                + numberHeading("as read")
                + numberHeading("fused")));
        Operators.of(result).forEach(count -> rows.append(row(count)));
        return "<table>\n" + rows.append(row(Operators.total(result))) + "</table>\n";
    }

    private static String row(Operators.Count count) {
        return row(cell(count.name())
                + number(Quantity.exact(count.inFile()))
                + number(Quantity.exact(count.asRead()))
                + number(Quantity.exact(count.fused())));
    }

    private static String kernels(CompileResult result) {
        StringBuilder rows = new StringBuilder(row(numberHeading("no.")
                + heading("kernel")
                + heading("algorithm, on the widest vectors")
                + heading("error, estimated")
                + numberHeading("MACs")
                + numberHeading("bytes")));
        int number = 1;
        for (KernelReport kernel : result.kernels()) {
            rows.append(row(number(Quantity.exact(number++))
                    + cell(kernel.name())
                    + cell(kernel.algorithm())
                    + cell(kernel.accuracy())
                    + number(Quantity.count(kernel.multiplyAccumulates()))
                    + number(Quantity.bytes(kernel.bytes()))));
        }
        return "<table>\n" + rows + "</table>\n";
    }

    private static String row(String cells) {
        return "<tr>" + cells + "</tr>\n";
    }

    private static String heading(String text) {
        return "<th>" + escape(text) + "</th>";
    }

    private static String numberHeading(String text) {
        return "<th class=\"number\">" + escape(text) + "</th>";
    }

    private static String cell(String text) {
        return "<td>" + escape(text) + "</td>";
    }

    private static String number(String text) {
        return "<td class=\"number\">" + escape(text) + "</td>";
    }

    /** Text as HTML content; characters that are not printable are shown as escapes. */
    static String escape(String text) {
        return Printable.line(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
