/**
 * The command line of every compiled jar: {@code run}, {@code verify}, {@code bench} and {@code info}. {@link
 * dev.sardonyx.runtime.cli.ModelMain} is the entry; each command is a record that {@code ./sardonyx} builds and executes too.
 */
@NullMarked
package dev.sardonyx.runtime.cli;

import org.jspecify.annotations.NullMarked;
