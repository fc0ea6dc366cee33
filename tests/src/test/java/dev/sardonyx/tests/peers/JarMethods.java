package dev.sardonyx.tests.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What HotSpot will have to compile of a jar: its methods and their sizes. */
public final class JarMethods {

    /** HotSpot does not compile longer methods ({@code -XX:-DontCompileHugeMethods}). */
    private static final int HUGE = 8000;

    /**
     * Generated loops that one vector width runs: whole, lower and single-row tiles, adding ones, one that reads ahead, and the element-wise expressions.
     * Each is one more method that C2 compiles before the network is fast.
     */
    private static final int BUDGET = 10;

    /**
     * Bytecodes of a generated loop. C1 gives up on methods with some 200 vector operations, and HotSpot then never compiles them (decision 1); the
     * longest of today, 1551, has 104.
     */
    private static final int LOOP_BYTECODES = 1600;

    private JarMethods() {}

    /**
     * A method.
     *
     * @param owner its class, as in a class file
     * @param bytecodes length of its code
     * @param loops whether it jumps back
     */
    private record Method(String owner, String name, int bytecodes, boolean loops) {

        boolean isGenerated() {
            return !owner.startsWith("dev/sardonyx/runtime/");
        }

        /** The network that it belongs to, of which only one is loaded; empty for other classes. */
        String network() {
            return isGenerated() && owner.contains("$") ? owner.substring(0, owner.indexOf('$')) : "";
        }

        @Override
        public String toString() {
            return "%s.%s: %d bytecodes".formatted(owner, name, bytecodes);
        }
    }

    /** Asserts that no method is too long for the JIT, and that the generated loops of each vector width keep to their budget. */
    public static void check(Path jar) throws IOException {
        List<Method> methods = read(jar);
        assertThat(methods).filteredOn(method -> method.bytecodes() > HUGE).isEmpty();
        Map<String, List<Method>> hot = methods.stream()
                .filter(method -> method.loops() && !method.network().isEmpty())
                .filter(method -> !method.owner().endsWith("$PlainExpressions"))
                .collect(Collectors.groupingBy(Method::network));
        assertThat(hot).as("networks, one for each vector width").hasSize(3);
        hot.forEach((network, loops) -> {
            assertThat(loops).as("hot methods of " + network).hasSizeLessThanOrEqualTo(BUDGET);
            assertThat(loops).allMatch(method -> method.bytecodes() <= LOOP_BYTECODES);
        });
    }

    private static List<Method> read(Path jar) throws IOException {
        List<Method> methods = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .toList()) {
                ClassModel type = ClassFile.of().parse(zip.getInputStream(entry).readAllBytes());
                String owner = type.thisClass().asInternalName();
                type.methods()
                        .forEach(method -> method.code().ifPresent(code -> methods.add(method(owner, method, code))));
            }
        }
        assertThat(methods).isNotEmpty();
        return methods;
    }

    private static Method method(String owner, MethodModel method, CodeModel code) {
        int bytecodes = method.findAttribute(Attributes.code()).orElseThrow().codeLength();
        return new Method(owner, method.methodName().stringValue(), bytecodes, loops(code));
    }

    /** Whether a branch leads to a label that stands before it. */
    private static boolean loops(CodeModel code) {
        Set<Label> seen = new HashSet<>();
        for (CodeElement element : code) {
            if (element instanceof LabelTarget target) {
                seen.add(target.label());
            } else if (element instanceof BranchInstruction branch && seen.contains(branch.target())) {
                return true;
            }
        }
        return false;
    }
}
