package dev.sardonyx.codegen.opencl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects a network's own kernels; calls that need the same text share one. */
final class KernelSource {

    /**
     * A parameter of a kernel.
     *
     * @param name its name
     * @param floats whether it points to float whatever tensors are stored as: inputs, outputs, trained values
     */
    record Parameter(String name, boolean floats) {

        private String declaration(boolean written) {
            return "__global " + (written ? "" : "const ") + (floats ? "float" : "storage") + " *restrict " + name;
        }

        String load(String index) {
            return floats ? name + "[" + index + "]" : "LOAD(" + name + ", " + index + ")";
        }

        String store(String value, String index) {
            return floats
                    ? name + "[" + index + "] = " + value + ";"
                    : "STORE(" + value + ", " + name + ", " + index + ");";
        }
    }

    private final StringBuilder text = new StringBuilder(ExpressionWriter.HELPERS);
    private final Map<String, String> names = new HashMap<>();

    /**
     * The name of the kernel with this body.
     *
     * @param kind what the name begins with
     * @param parameters what it writes, then what it reads
     * @param attribute such as reqd_work_group_size, or empty
     */
    String kernel(String kind, String attribute, List<Parameter> parameters, String body) {
        StringBuilder signature = new StringBuilder("(");
        for (int i = 0; i < parameters.size(); i++) {
            signature.append(i == 0 ? "" : ", ").append(parameters.get(i).declaration(i == 0));
        }
        String rest = signature + ") {\n" + body.strip().indent(4) + "}\n";
        return names.computeIfAbsent(kind + attribute + rest, _ -> {
            String name = kind + names.size();
            text.append("\n__kernel ")
                    .append(attribute.isEmpty() ? "" : "__attribute__((" + attribute + ")) ")
                    .append("void ")
                    .append(name)
                    .append(rest);
            return name;
        });
    }

    String text() {
        return text.toString();
    }
}
