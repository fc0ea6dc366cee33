/** Engines that Sardonyx is compared with. */
@NullMarked
package dev.sardonyx.peer;

import org.jspecify.annotations.NullMarked;
