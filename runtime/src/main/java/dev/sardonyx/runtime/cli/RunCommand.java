package dev.sardonyx.runtime.cli;

import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.SessionOptions;
import dev.sardonyx.runtime.TensorInfo;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * {@code run}: one inference on tensors from files or on a picture.
 *
 * @param inputs {@code [NAME=]FILE} of {@code .npy} or {@code .pb} files; empty where a picture is given
 * @param output the folder that gets a {@code .npy} file per output, named by {@link OutputFiles#nameFor}; where empty, the outputs
 *     are shown instead
 * @param image the picture; its outputs are always shown
 * @param labels a file with the name of each class, line by line
 * @param top how many classes are shown
 * @param threads number of threads that work on it
 */
public record RunCommand(
        List<String> inputs,
        Optional<Path> output,
        Optional<ImageOptions> image,
        Optional<Path> labels,
        int top,
        int threads)
        implements ModelCommand {

    /** How many classes are shown where nothing else is asked for. */
    public static final int DEFAULT_TOP = 5;

    /**
     * @throws UsageException if the options contradict each other
     */
    public RunCommand {
        inputs = List.copyOf(inputs);
        Threads.check(threads);
        if (top < 1) {
            throw new UsageException("--top must be 1 or more, not " + top);
        }
        if (inputs.isEmpty() == image.isEmpty()) {
            throw new UsageException(
                    inputs.isEmpty() ? "run needs --input or --image" : "--input and --image exclude each other");
        }
    }

    @Override
    public void keep(Collection<Path> sources, ModelInfo info) {
        output.ifPresent(folder ->
                info.outputs().forEach(result -> Destination.keep(sources, "--output", file(folder, result.name()))));
    }

    @Override
    public int execute(CompiledModel model, Terminal terminal) {
        List<Path> files = image.map(options -> List.of(options.file()))
                .orElseGet(() -> NamedInputs.files(inputs, model.info().inputs()));
        output.ifPresent(folder -> Destination.checkFolder("--output", folder));
        keep(Destination.origin(model.getClass()), model.info());
        keep(files, model.info());
        keep(labels.stream().toList(), model.info());
        Labels names = labels.map(Labels::read).orElseGet(Labels::none);
        List<TensorData> tensors = image.isPresent()
                ? List.of(picture(image.get(), model))
                : NamedInputs.read(files, model.info().inputs());
        List<TensorData> results = Batches.run(model, SessionOptions.defaults().withThreads(threads), tensors);
        output.ifPresent(folder -> write(folder, results));
        if (image.isPresent() || output.isEmpty()) {
            results.forEach(result -> Classification.print(result, top, names, terminal.out()));
        }
        return ErrorReport.OK;
    }

    private static TensorData picture(ImageOptions options, CompiledModel model) {
        List<TensorInfo> infos = model.info().inputs();
        if (infos.size() != 1) {
            throw new UsageException("--image needs a model with one input; this one has " + infos.size());
        }
        TensorInfo info = infos.getFirst();
        return new TensorData(info.name(), info.elementType(), info.shape(), ImageInput.read(options, info));
    }

    private static void write(Path folder, List<TensorData> results) {
        OutputFiles.makeFolder(folder);
        results.forEach(result -> Npy.write(file(folder, result.name()), result));
    }

    private static Path file(Path folder, String output) {
        return folder.resolve(OutputFiles.nameFor(output) + ".npy");
    }
}
