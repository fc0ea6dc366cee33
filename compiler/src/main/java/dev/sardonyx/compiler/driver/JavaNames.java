package dev.sardonyx.compiler.driver;

import dev.sardonyx.codegen.Names;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** The names that a model gets in Java: legal ones, and none that would clash with what a jar holds beside it. */
final class JavaNames {

    /** A file name of 255 bytes must hold it, with what is put behind it. */
    private static final int LONGEST_CLASS = 100;

    private static final int LONGEST_PACKAGE = 200;

    /** Identifiers that may not name a type (JLS 3.9). */
    private static final Set<String> NOT_FOR_TYPES = Set.of("permits", "record", "sealed", "var", "yield");

    /** Types nested in the model's class, which may not share its name. */
    private static final Set<String> NESTED = Set.of("Loader", "Results", "Session");

    private JavaNames() {}

    /** The class name for a model file: "resnet20-cifar10.onnx" gives "Resnet20Cifar10". */
    static String classFor(Path model) {
        String file = String.valueOf(model.getFileName());
        int point = file.lastIndexOf('.');
        String name = Names.className(point > 0 ? file.substring(0, point) : file);
        String bounded = name.substring(0, Math.min(name.length(), LONGEST_CLASS - "Model".length()));
        return NESTED.contains(bounded) ? bounded + "Model" : bounded;
    }

    /** The package for a model of class {@code className} where none is asked for. */
    static String packageFor(String className) {
        String segment = className.toLowerCase(Locale.ROOT);
        return "models." + (SourceVersion.isKeyword(segment) ? segment + "_" : segment);
    }

    /** @throws IllegalArgumentException if a class cannot have this name */
    static void checkClass(String name) {
        if (!SourceVersion.isIdentifier(name)
                || SourceVersion.isKeyword(name)
                || NOT_FOR_TYPES.contains(name)
                || hasIgnorable(name)) {
            throw new IllegalArgumentException("'" + name + "' is no legal name for a Java class");
        }
        if (name.length() > LONGEST_CLASS) {
            throw new IllegalArgumentException("the class name is " + name.length() + " characters long; at most "
                    + LONGEST_CLASS + " are possible");
        }
        if (NESTED.contains(name)) {
            throw new IllegalArgumentException(
                    "the class cannot be named " + name + ", as a type nested in it is; choose another name");
        }
    }

    /** @throws IllegalArgumentException if a package of a jar cannot have this name */
    static void checkPackage(String name) {
        if (!SourceVersion.isName(name) || hasIgnorable(name)) {
            throw new IllegalArgumentException("'" + name + "' is no legal name for a Java package");
        }
        if (name.length() > LONGEST_PACKAGE) {
            throw new IllegalArgumentException("the package name is " + name.length() + " characters long; at most "
                    + LONGEST_PACKAGE + " are possible");
        }
        for (String taken : List.of("java", "javax", "jdk", "sun", "dev.sardonyx")) {
            if (name.equals(taken) || name.startsWith(taken + ".")) {
                throw new IllegalArgumentException(
                        "the package cannot lie in " + taken + ", which is not the model's own");
            }
        }
    }

    /** Characters that Java lets stand in a name but that nobody sees. */
    private static boolean hasIgnorable(String name) {
        return name.codePoints().anyMatch(Character::isIdentifierIgnorable);
    }
}
