/** The compiler's own language: an immutable, typed graph in static single assignment form, with its shape rules. */
@NullMarked
package dev.sardonyx.compiler.graph;

import org.jspecify.annotations.NullMarked;
