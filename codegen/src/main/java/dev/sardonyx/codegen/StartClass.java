package dev.sardonyx.codegen;

import java.io.PrintStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * The class that {@code java -jar} starts: an older Java, which cannot read any other class of the jar, learns from it in one line what
 * is missing and ends with exit code 3, where the JVM would print a stack trace and end with 1, which means "no". In Java it is
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *     if (Float.parseFloat(System.getProperty("java.class.version")) >= 69) {
 *         ResNet50.main(args);
 *     } else {
 *         System.err.println("error: ...");
 *         System.exit(3);
 *     }
 * }
 * }</pre>
 */
final class StartClass {

    /** Appended to the name of the model's class; no other generated class has that name. */
    static final String SUFFIX = "Main";

    private static final int EXIT_CODE = 3;

    private static final ClassDesc SYSTEM = ClassDesc.of(System.class.getName());
    private static final ClassDesc FLOAT = ClassDesc.of(Float.class.getName());
    private static final ClassDesc PRINT_STREAM = ClassDesc.of(PrintStream.class.getName());
    private static final ClassDesc STRING = ConstantDescs.CD_String;
    private static final MethodTypeDesc MAIN = MethodTypeDesc.of(ConstantDescs.CD_void, STRING.arrayType());
    private static final MethodTypeDesc STRING_TO_STRING = MethodTypeDesc.of(STRING, STRING);

    private StartClass() {}

    /** The class file, which Java 8 can read. */
    static byte[] bytes(String packageName, String modelClass) {
        return bytes(packageName, modelClass, ClassFile.JAVA_25_VERSION);
    }

    /** As {@link #bytes(String, String)}, for a Java that reads class files of version {@code needed}. */
    static byte[] bytes(String packageName, String modelClass, int needed) {
        ClassDesc model = ClassDesc.of(packageName, modelClass);
        return ClassFile.of()
                .build(
                        ClassDesc.of(packageName, modelClass + SUFFIX),
                        type -> type.withVersion(ClassFile.JAVA_8_VERSION, 0)
                                .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                                .withMethodBody(
                                        "main",
                                        MAIN,
                                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                        code -> main(code, model, needed)));
    }

    private static void main(CodeBuilder code, ClassDesc model, int needed) {
        property(code, "java.class.version")
                .invokestatic(FLOAT, "parseFloat", MethodTypeDesc.of(ConstantDescs.CD_float, STRING))
                .loadConstant((float) needed)
                .fcmpl()
                .ifThenElse(Opcode.IFGE, newer -> newer.aload(0).invokestatic(model, "main", MAIN), StartClass::refuse)
                .return_();
    }

    private static void refuse(CodeBuilder code) {
        code.getstatic(SYSTEM, "err", PRINT_STREAM).loadConstant("error: this is Java ");
        property(code, "java.version").invokevirtual(STRING, "concat", STRING_TO_STRING);
        code.loadConstant(
                        ", but a model that Sardonyx compiled needs Java 25 or newer: install it (https://adoptium.net"
                                + " has builds) and run its java, /path/to/jdk-25/bin/java -jar M.jar ...")
                .invokevirtual(STRING, "concat", STRING_TO_STRING)
                .invokevirtual(PRINT_STREAM, "println", MethodTypeDesc.of(ConstantDescs.CD_void, STRING))
                .loadConstant(EXIT_CODE)
                .invokestatic(SYSTEM, "exit", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int));
    }

    private static CodeBuilder property(CodeBuilder code, String name) {
        return code.loadConstant(name).invokestatic(SYSTEM, "getProperty", STRING_TO_STRING);
    }
}
