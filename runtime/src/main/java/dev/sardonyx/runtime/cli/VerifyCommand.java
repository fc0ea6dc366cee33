package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code verify}: compares a model's outputs with the expected ones of {@link TestDataSet}s.
 *
 * @param data the folder that holds {@code test_data_set_*}
 * @param tolerance how far outputs may lie off
 * @param threads number of threads that work on one inference
 */
public record VerifyCommand(Path data, Tolerance tolerance, int threads) implements ModelCommand {

    /**
     * One output of one data set.
     *
     * @param dataSet the folder's name
     * @param output the output's name
     * @param runs in how many runs the data went through the model
     * @param error how far it lies off
     */
    public record Result(String dataSet, String output, int runs, OutputError error) {}

    /**
     * @throws UsageException if the number of threads makes no sense
     */
    public VerifyCommand {
        Threads.check(threads);
    }

    /** Prints a line for each output of each data set; 1 if one of them is over the tolerance. */
    @Override
    public int execute(CompiledModel model, Terminal terminal) {
        List<Result> results = new ArrayList<>();
        List<Path> folders = TestDataSet.find(data);
        for (Path folder : folders) {
            terminal.progress("data set " + (folders.indexOf(folder) + 1) + " of " + folders.size());
            results.addAll(compare(model, TestDataSet.read(folder)));
        }
        terminal.progressDone();
        return print(results, terminal);
    }

    /**
     * Runs {@code model} on one data set and compares.
     *
     * @throws UsageException if the data set's tensors are not the model's
     */
    public List<Result> compare(CompiledModel model, TestDataSet dataSet) {
        try {
            List<TensorInfo> outputs = model.info().outputs();
            List<TensorData> inputs =
                    arrange("input", dataSet.inputs(), model.info().inputs());
            List<TensorData> expected = arrange("output", dataSet.outputs(), outputs);
            int runs = Batches.count(model, inputs);
            List<TensorData> actual =
                    Batches.run(model, SessionOptions.defaults().withThreads(threads), inputs);
            List<Result> results = new ArrayList<>();
            for (int i = 0; i < outputs.size(); i++) {
                String name = outputs.get(i).name();
                checkShape(name, actual.get(i).shape(), expected.get(i).shape());
                OutputError error =
                        OutputError.of(actual.get(i).values(), expected.get(i).values(), tolerance);
                results.add(new Result(String.valueOf(dataSet.folder().getFileName()), name, runs, error));
            }
            return results;
        } catch (UsageException e) {
            throw new UsageException(dataSet.folder() + ": " + e.getMessage(), e);
        }
    }

    /** Prints {@code results} as a table and the verdict; returns the exit code. */
    public int print(List<Result> results, Terminal terminal) {
        Table table = new Table("data set", "output", ">max abs error", ">max rel error", ">of tolerance", "");
        int failed = 0;
        for (Result result : results) {
            OutputError error = result.error();
            table.row(
                    result.dataSet(),
                    result.output(),
                    String.format(Locale.ROOT, "%.3e", error.largestAbsolute()),
                    String.format(Locale.ROOT, "%.3e", error.largestRelative()),
                    String.format(Locale.ROOT, "%.2f %%", 100 * error.shareOfTolerance()),
                    (error.withinTolerance() ? "PASS" : "FAIL, " + error.outside() + " values")
                            + (result.runs() > 1 ? " (in " + result.runs() + " runs)" : ""));
            failed += error.withinTolerance() ? 0 : 1;
        }
        table.print(terminal.out());
        terminal.out()
                .println(
                        failed == 0
                                ? "PASS: " + results.size() + " outputs within " + tolerance
                                : "FAIL: " + failed + " of " + results.size() + " outputs are not within " + tolerance);
        return failed == 0 ? ErrorReport.OK : ErrorReport.NO;
    }

    /** The files' tensors in the model's order: by name where the files name exactly the model's tensors, else by number. */
    private static List<TensorData> arrange(String kind, List<TensorData> files, List<TensorInfo> infos) {
        if (files.size() != infos.size()) {
            throw new UsageException("holds " + files.size() + " " + kind
                    + "_K.pb files in sequence, but the model has " + infos.size() + " " + kind + "s");
        }
        Set<String> names = new HashSet<>(infos.stream().map(TensorInfo::name).toList());
        if (!names.equals(new HashSet<>(files.stream().map(TensorData::name).toList()))) {
            return files;
        }
        return infos.stream()
                .map(info -> files.stream()
                        .filter(file -> file.name().equals(info.name()))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    private static void checkShape(String output, List<Integer> actual, List<Integer> expected) {
        if (!actual.equals(expected)) {
            throw new UsageException("output '" + output + "' is " + actual + ", but its file holds " + expected);
        }
    }
}
