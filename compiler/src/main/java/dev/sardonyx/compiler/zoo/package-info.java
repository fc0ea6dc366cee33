/** Models to compile: the ResNet family with seeded weights. */
@NullMarked
package dev.sardonyx.compiler.zoo;

import org.jspecify.annotations.NullMarked;
