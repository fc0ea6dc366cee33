package dev.sardonyx.runtime.kernels;

/**
 * The loops that steps are built on, in one of two forms.
 *
 * @param tiles inner kernels of the convolutions
 * @param expressions element-wise loops
 * @param windows inner loops of poolings
 * @param winograd transforms of Winograd convolutions
 */
public record Kernels(
        ConvolutionTiles tiles, PointwiseKernels expressions, WindowLoops windows, WinogradLoops winograd) {

    /** With the Vector API, whose classes are loaded here. */
    public static Kernels vector(ConvolutionTiles tiles, PointwiseKernels expressions) {
        return new Kernels(tiles, expressions, new VectorWindowLoops(), new VectorWinogradLoops());
    }

    /** In plain Java. */
    public static Kernels plain(ConvolutionTiles tiles, PointwiseKernels expressions) {
        return new Kernels(tiles, expressions, new PlainWindowLoops(), new PlainWinogradLoops());
    }
}
