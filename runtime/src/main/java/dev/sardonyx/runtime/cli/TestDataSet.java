package dev.sardonyx.runtime.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Inputs and expected outputs in the layout of ONNX's backend tests: a folder {@code test_data_set_N} with {@code input_K.pb} and
 * {@code output_K.pb}, K from 0.
 *
 * @param folder where it lies
 * @param inputs the tensors of {@code input_K.pb}, in the order of K
 * @param outputs the tensors of {@code output_K.pb}, in the order of K
 */
public record TestDataSet(Path folder, List<TensorData> inputs, List<TensorData> outputs) {

    private static final String PREFIX = "test_data_set_";

    public TestDataSet {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * The data sets in {@code directory}, in the order of their numbers; {@code directory} itself where it is one.
     *
     * @throws UsageException if there is none
     */
    public static List<Path> find(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UsageException(
                    directory + ": " + (Files.exists(directory) ? "is no directory" : "there is no such directory"));
        }
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, PREFIX + "*")) {
            entries.forEach(folders::add);
        } catch (IOException e) {
            throw new UsageException(directory + ": cannot be read as a directory (" + InputFiles.reason(e) + ")", e);
        }
        folders.removeIf(folder -> !Files.isDirectory(folder));
        if (folders.isEmpty() && Files.exists(directory.resolve("output_0.pb"))) {
            folders.add(directory);
        }
        if (folders.isEmpty()) {
            throw new UsageException(directory + ": holds no " + PREFIX + "* folder");
        }
        Comparator<String> numeric = Comparator.comparingInt(String::length); // 2 before 10
        folders.sort(Comparator.comparing(
                folder -> folder.getFileName().toString(), numeric.thenComparing(String::compareTo)));
        return folders;
    }

    /**
     * Reads the data set in {@code folder}.
     *
     * @throws UsageException if it has no outputs or a file cannot be read
     */
    public static TestDataSet read(Path folder) {
        List<TensorData> outputs = numbered(folder, "output_");
        if (outputs.isEmpty()) {
            throw new UsageException(folder + ": holds no output_0.pb");
        }
        return new TestDataSet(folder, numbered(folder, "input_"), outputs);
    }

    private static List<TensorData> numbered(Path folder, String prefix) {
        List<TensorData> tensors = new ArrayList<>();
        for (int k = 0; ; k++) {
            Path file = folder.resolve(prefix + k + ".pb");
            if (!Files.exists(file)) {
                return tensors;
            }
            tensors.add(TensorProtoFile.read(file));
        }
    }
}
