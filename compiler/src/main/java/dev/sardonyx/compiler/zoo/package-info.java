/** Models to compile: the ResNet family with seeded weights, and a converter for a trained ResNet-50. */
@NullMarked
package dev.sardonyx.compiler.zoo;

import org.jspecify.annotations.NullMarked;
