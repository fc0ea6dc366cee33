/** How far Winograd's minimal filtering errs, for every target that may use it. */
@NullMarked
package dev.sardonyx.codegen.winograd;

import org.jspecify.annotations.NullMarked;
