package dev.sardonyx.codegen.opencl;

/** Values as Java source. */
final class JavaLiterals {

    private JavaLiterals() {}

    /** A float, to the bit. */
    static String of(float value) {
        if (Float.isNaN(value)) {
            return "Float.NaN";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
        }
        return value + "f";
    }
}
