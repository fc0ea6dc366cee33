package dev.sardonyx.runtime.kernels;

/**
 * The loops that steps are built on, in one of two forms.
 *
 * @param arena memory for the weights of convolutions
 * @param tiles inner kernels of the convolutions
 * @param rows what packs the tiles' rows and ends their sums
 * @param expressions element-wise loops
 * @param windows inner loops of poolings
 * @param winograd transforms of Winograd convolutions
 */
public record Kernels(
        Arena arena,
        MatrixTiles tiles,
        RowLoops rows,
        PointwiseKernels expressions,
        WindowLoops windows,
        WinogradLoops winograd) {

    /** With the Vector API, whose classes are loaded here. */
    public static Kernels vector(Arena arena, MatrixTiles tiles, PointwiseKernels expressions) {
        return new Kernels(
                arena, tiles, new VectorRowLoops(), expressions, new VectorWindowLoops(), new VectorWinogradLoops());
    }

    /** In plain Java. */
    public static Kernels plain(Arena arena, MatrixTiles tiles, PointwiseKernels expressions) {
        return new Kernels(
                arena, tiles, new PlainRowLoops(), expressions, new PlainWindowLoops(), new PlainWinogradLoops());
    }
}
