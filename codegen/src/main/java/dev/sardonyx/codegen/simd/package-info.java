/**
 * The SIMD target. {@link dev.sardonyx.codegen.simd.KernelChoice} decides, {@link dev.sardonyx.codegen.simd.NetworkPlan} lays out,
 * the writers obey.
 */
@NullMarked
package dev.sardonyx.codegen.simd;

import org.jspecify.annotations.NullMarked;
