package dev.sardonyx.runtime.kernels;

/**
 * What ends a convolution: clamp(sum + bias + residual).
 *
 * @param residual whether a residual is added
 * @param clamp the activation
 */
public record Epilogue(boolean residual, Clamp clamp) {}
