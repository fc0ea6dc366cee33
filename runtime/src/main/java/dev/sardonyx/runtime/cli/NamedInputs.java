package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Assigns the {@code --input [NAME=]FILE} arguments to a model's inputs. */
final class NamedInputs {

    private NamedInputs() {}

    /**
     * Finds the files. Those with a name go to that input; the others, in order, to the inputs that are left.
     *
     * @return one file per input, in the model's order
     * @throws UsageException if an input is missing, given twice or unknown
     */
    static List<Path> files(List<String> arguments, List<TensorInfo> inputs) {
        Map<String, Path> named = new HashMap<>();
        List<Path> unnamed = new ArrayList<>();
        for (String argument : arguments) {
            Optional<String> name = name(argument, inputs);
            if (name.isEmpty()) {
                unnamed.add(unnamedFile(argument, inputs));
            } else if (named.put(
                            name.get(),
                            InputFiles.path(argument.substring(name.get().length() + 1)))
                    != null) {
                throw new UsageException("--input " + name.get() + " is given twice");
            }
        }
        if (arguments.size() > inputs.size()) {
            throw new UsageException("--input is given " + arguments.size() + " times, but the model takes "
                    + inputs.stream().map(TensorInfo::name).toList());
        }
        Iterator<Path> next = unnamed.iterator();
        List<Path> files = new ArrayList<>();
        for (TensorInfo input : inputs) {
            if (!named.containsKey(input.name()) && !next.hasNext()) {
                throw new UsageException("--input for '" + input.name() + "' " + input.shape() + " is missing");
            }
            files.add(named.containsKey(input.name()) ? named.get(input.name()) : next.next());
        }
        return files;
    }

    /**
     * Reads the files.
     *
     * @param files one per input, in the model's order
     * @return one tensor per input, in the same order
     * @throws UsageException if a file cannot be read, or holds what the input does not take
     */
    static List<TensorData> read(List<Path> files, List<TensorInfo> inputs) {
        List<TensorData> tensors = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            TensorInfo input = inputs.get(i);
            Path file = files.get(i);
            TensorData tensor = TensorFiles.read(file);
            if (!Batches.fits(tensor.shape(), input.shape())) {
                throw new UsageException(file + ": is " + describe(tensor.elementType(), tensor.shape())
                        + ", but input '" + input.name() + "' takes " + describe(input.elementType(), input.shape()));
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private static String describe(ElementType type, List<Integer> shape) {
        return type.name().toLowerCase(Locale.ROOT) + shape;
    }

    /** The input whose name {@code argument} begins with; names may hold '=' too, so the longest one counts. */
    private static Optional<String> name(String argument, List<TensorInfo> inputs) {
        return inputs.stream()
                .map(TensorInfo::name)
                .filter(name -> argument.startsWith(name + "="))
                .max(Comparator.comparingInt(String::length));
    }

    private static Path unnamedFile(String argument, List<TensorInfo> inputs) {
        Path file = InputFiles.path(argument);
        int equals = argument.indexOf('=');
        if (equals > 0 && !Files.exists(file)) {
            throw new UsageException(
                    "--input " + argument + ": the model has no input '" + argument.substring(0, equals) + "'; it has "
                            + inputs.stream().map(TensorInfo::name).toList());
        }
        return file;
    }
}
