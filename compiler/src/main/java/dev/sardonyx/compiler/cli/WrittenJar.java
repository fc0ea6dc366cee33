package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.cli.Facts.Fact;
import dev.sardonyx.compiler.driver.CompileObserver.Stage;
import dev.sardonyx.compiler.driver.CompileResult;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.cli.ImageInput;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A jar just written.
 *
 * @param file as the user named it
 * @param bytes its size
 * @param moduleName name of its module
 * @param className full name of its class
 */
record WrittenJar(Path file, long bytes, String moduleName, String className) {

    /** What no shell takes for anything but itself. */
    private static final Pattern PLAIN =
            Pattern.compile("[\\w./:@%+=," + Pattern.quote(File.separator) + "-]+", Pattern.UNICODE_CHARACTER_CLASS);

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
        String input = ImageInput.isTakenBy(info.inputs())
                ? "--image P.png"
                : "--input X.npy ".repeat(info.inputs().size()) + "--output DIR";
        return "java -jar " + word(file.toString()) + " run " + input;
    }

    /** As one word of a command line. */
    private static String word(String text) {
        if (PLAIN.matcher(text).matches()) {
            return text;
        }
        return File.separatorChar == '\\' ? '"' + text + '"' : "'" + text.replace("'", "'\\''") + "'";
    }
}
