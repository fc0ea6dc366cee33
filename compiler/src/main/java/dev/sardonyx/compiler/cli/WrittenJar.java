package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.cli.Facts.Fact;
import dev.sardonyx.compiler.driver.CompileObserver.Stage;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.runtime.ModelInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A jar just written.
 *
 * @param file as the user named it
 * @param bytes its size
 * @param moduleName name of its module
 * @param className full name of its class
 */
record WrittenJar(Path file, long bytes, String moduleName, String className) {

    private static final int IMAGE_RANK = 4;

    /** @throws dev.sardonyx.runtime.cli.UsageException if it cannot be written; nothing is left then */
    static WrittenJar write(CompileResult result, Path file, Progress progress) {
        progress.begins(Stage.WRITE);
        try {
            result.writeJar(file);
            return new WrittenJar(file, Files.size(file), result.moduleName(), result.className());
        } catch (IOException e) {
            throw Failures.usage(e);
        }
    }

    List<Fact> facts() {
        return List.of(
                new Fact("jar", file + ", " + Quantity.bytes(bytes)),
                new Fact("class", className),
                new Fact("module", moduleName));
    }

    /** A command that runs it. */
    String command(ModelInfo info) {
        boolean picture =
                info.inputs().size() == 1 && info.inputs().getFirst().shape().size() == IMAGE_RANK;
        return "java -jar " + file + " run " + (picture ? "--image P.png" : "--input X.npy --output DIR");
    }
}
