/** The oracle for targets: runs a {@link dev.sardonyx.codegen.program.Program} as its records are documented, slowly. */
@NullMarked
package dev.sardonyx.codegen.interpreter;

import org.jspecify.annotations.NullMarked;
