/** The {@code sardonyx} command line. */
@NullMarked
package dev.sardonyx.compiler.cli;

import org.jspecify.annotations.NullMarked;
