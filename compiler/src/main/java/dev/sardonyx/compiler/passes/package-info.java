/** The optimisations: graph in, graph out. {@link dev.sardonyx.compiler.passes.PassPipeline} lists them in order. */
@NullMarked
package dev.sardonyx.compiler.passes;

import org.jspecify.annotations.NullMarked;
