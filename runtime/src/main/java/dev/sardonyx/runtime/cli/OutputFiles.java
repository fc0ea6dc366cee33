package dev.sardonyx.runtime.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/** Where results go: files that appear complete or not at all, named after tensors. */
public final class OutputFiles {

    private static final String UNENCODED = "-_.=,@()[]";
    private static final int LONGEST_NAME = 180;

    /** Device names that Windows keeps for itself, whatever extension follows. */
    private static final Set<String> RESERVED = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private OutputFiles() {}

    /**
     * Writes {@code file} as {@link WholeFile} does.
     *
     * @throws UsageException if that fails; nothing is left behind then
     */
    static void write(Path file, WholeFile.Content content) {
        try {
            WholeFile.write(file, content);
        } catch (IOException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Makes {@code folder} and the folders above it. */
    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UsageException(folder + ": cannot be made a directory (" + InputFiles.reason(e) + ")", e);
        }
    }

    /**
     * A file name, without extension, for a tensor of any name. ASCII letters, digits and {@code -_.=,@()[]} stay; each byte of the
     * UTF-8 form of anything else becomes {@code %XX}, as in a URL, so that decoding gives the name back. A leading point, and the
     * first letter of a name that Windows reserves, are encoded too; the empty name is {@code %}. A name that gets longer than 180
     * characters is cut there and closed with {@code ~} and 16 digits of its SHA-256.
     */
    public static String nameFor(String tensor) {
        if (tensor.isEmpty()) {
            return "%";
        }
        byte[] utf8 = tensor.getBytes(StandardCharsets.UTF_8);
        boolean encodeFirst = utf8[0] == '.' || RESERVED.contains(stem(tensor).toLowerCase(Locale.ROOT));
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < utf8.length && name.length() <= LONGEST_NAME; i++) {
            if (isPlain(utf8[i]) && !(i == 0 && encodeFirst)) {
                name.append((char) utf8[i]);
            } else {
                name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(utf8[i]));
            }
        }
        if (name.length() > LONGEST_NAME) {
            name.setLength(LONGEST_NAME);
            name.append('~').append(HexFormat.of().formatHex(sha256(utf8), 0, 8));
        }
        return name.toString();
    }

    private static String stem(String tensor) {
        int point = tensor.indexOf('.');
        return point < 0 ? tensor : tensor.substring(0, point);
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || UNENCODED.indexOf(b) >= 0;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
