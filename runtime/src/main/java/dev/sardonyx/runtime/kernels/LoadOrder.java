package dev.sardonyx.runtime.kernels;

import java.util.Set;

/**
 * Whether generated tiles keep the order of their loads, by fences between them. On x86 a fence between loads is no instruction, but C2 loads nothing
 * across it; elsewhere it is one, and costs more than it gains.
 */
public final class LoadOrder {

    /** Whether to keep it. A constant to the JVM's compilers. */
    public static final boolean KEPT = Set.of("amd64", "x86_64").contains(System.getProperty("os.arch", ""));

    private LoadOrder() {}
}
