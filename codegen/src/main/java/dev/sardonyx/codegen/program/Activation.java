package dev.sardonyx.codegen.program;

/** The activation that ends a fused kernel. */
public sealed interface Activation {

    /** y = x. */
    record Identity() implements Activation {}

    /** y = max(x, 0). */
    record Relu() implements Activation {}

    /** y = min(max(x, min), max). */
    record Clip(float min, float max) implements Activation {}

    /** y = x where x ≥ 0, else alpha·x. */
    record LeakyRelu(float alpha) implements Activation {}

    /** The activation that does nothing. */
    Activation NONE = new Identity();
}
