package dev.sardonyx.compiler.passes;

import dev.sardonyx.compiler.graph.Graph;

/**
 * One optimisation. It computes what the graph computes, up to the rounding of float32, and never changes the graph's inputs,
 * outputs or the graph that it is given. Stateless; takes time linear in the graph, whatever the graph's shape.
 */
public interface Pass {

    /** What users call it, in {@code --no-fuse} for one: lower case, words joined by hyphens. */
    String name();

    /** What it does, in one sentence. */
    String description();

    /** Completes "19 BatchNormalization …", said of the operators that it makes vanish. */
    String effect();

    /** The optimised graph; {@code graph} itself where there is nothing to do. */
    Graph apply(Graph graph);
}
