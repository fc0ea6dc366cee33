package dev.sardonyx.compiler.bench;

import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.StartReport;
import dev.sardonyx.runtime.cli.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A process's way from its start to full speed, as its {@link StartReport} tells.
 *
 * @param firstMs from its start to its first answer
 * @param nearMs from its start until answers take at most a tenth longer than in the end
 * @param steadyMs median time of an answer in the end
 * @param peakMegabytes the most memory that it had, in units of 10^6 bytes; empty where the system does not tell
 */
public record ColdStart(double firstMs, double nearMs, double steadyMs, OptionalDouble peakMegabytes) {

    /**
     * Starts a JVM and follows it to its end.
     *
     * @param arguments what comes after {@code java}; the program prints a {@link StartReport}
     * @param errors the file that gets its standard error
     * @throws UsageException if it cannot be started or fails; the message has the first line of its standard error
     */
    public static ColdStart measure(List<String> arguments, Path errors) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        try {
            long start = System.nanoTime();
            Process process = builder.start();
            try (BufferedReader out = process.inputReader()) {
                String first = out.readLine();
                double firstMs = (System.nanoTime() - start) / 1e6;
                Map<String, Double> rest = read(out);
                int code = process.waitFor();
                if (code != 0 || !StartReport.FIRST.equals(first)) {
                    throw failed(errors, code);
                }
                return of(firstMs, rest);
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new UsageException("a JVM cannot be started (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UsageException("interrupted", e);
        }
    }

    private static ColdStart of(double firstMs, Map<String, Double> report) {
        Double peak = report.get("peak_resident_kb");
        return new ColdStart(
                firstMs,
                firstMs + report.getOrDefault("ms_to_steady", Double.NaN),
                report.getOrDefault("steady_ms", Double.NaN),
                peak == null ? OptionalDouble.empty() : OptionalDouble.of(peak * 1024 / 1e6));
    }

    private static Map<String, Double> read(BufferedReader out) throws IOException {
        Map<String, Double> values = new HashMap<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
        }
        return values;
    }

    private static UsageException failed(Path errors, int code) throws IOException {
        String reason = Files.readAllLines(errors).stream()
                .filter(line -> !line.startsWith("WARNING") && !line.startsWith("Picked up"))
                .findFirst()
                .orElse("no message");
        return new UsageException("a process ended with exit code " + code + ": " + Printable.line(reason));
    }
}
