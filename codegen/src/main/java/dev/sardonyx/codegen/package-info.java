/** Turns a program into source, classes and a deterministic jar, one target at a time. */
@NullMarked
package dev.sardonyx.codegen;

import org.jspecify.annotations.NullMarked;
