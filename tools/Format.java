import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks or mends the format of every Java file of the project.
 *
 * <p>The formatter parses with the javac of the JVM that it runs in. Maven's own JVM may be older than the language that
 * the project is written in, so the build starts this program in the project's JDK.
 */
final class Format {
    private static final Set<String> SKIPPED_FOLDERS = Set.of(".git", "resources", "target");

    /** {@code check} or {@code write}, then the project's folder. */
    public static void main(String[] args) throws IOException {
        boolean write = args[0].equals("write");
        Path root = Path.of(args[1]);
        Formatter formatter = Formatter.createFormatter(
                JavaFormatterOptions.builder().style(Style.PALANTIR).build());
        List<Path> unformatted = new ArrayList<>();
        for (Path file : javaFiles(root)) {
            String source = Files.readString(file);
            String formatted;
            try {
                formatted = formatter.formatSourceAndFixImports(source);
            } catch (FormatterException e) {
                System.err.println("cannot format: " + root.relativize(file) + ": " + e.getMessage());
                System.exit(1);
                return;
            }
            if (!formatted.equals(source)) {
                unformatted.add(root.relativize(file));
                if (write) {
                    Files.writeString(file, formatted);
                }
            }
        }
        unformatted.forEach(file -> System.err.println((write ? "formatted: " : "not formatted: ") + file));
        if (!write && !unformatted.isEmpty()) {
            System.err.println("To format them: mvn -q -N verify -Dformat=write");
            System.exit(1);
        }
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
