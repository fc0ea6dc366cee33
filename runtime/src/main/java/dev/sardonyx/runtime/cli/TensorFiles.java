package dev.sardonyx.runtime.cli;

import java.nio.file.Path;
import java.util.Locale;

/** Reads a tensor from a {@code .npy} or {@code .pb} file. */
public final class TensorFiles {

    private TensorFiles() {}

    /**
     * Reads {@code file} as its extension says.
     *
     * @throws UsageException if it has another extension or cannot be read as such a file
     */
    public static TensorData read(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy")) {
            return Npy.read(file);
        }
        if (name.endsWith(".pb")) {
            return TensorProtoFile.read(file);
        }
        InputFiles.size(file);
        throw new UsageException(file + ": its name must end in .npy (NumPy) or .pb (ONNX TensorProto)");
    }
}
