package dev.sardonyx.runtime.kernels;

/**
 * The loops that steps are built on, in one of two forms. As long as C2 has not compiled the Vector API's form, plain Java can serve
 * in its place, but for the tiles: it is a hundred times faster then, and gives the same bits.
 */
public final class Kernels {

    private final Arena arena;
    private final MatrixTiles tiles;
    private final PointwiseKernels expressions;
    private final Loops own;
    private volatile Loops serving;
    private volatile boolean readingAhead = true;

    Kernels(Arena arena, MatrixTiles tiles, PointwiseKernels expressions, Loops own) {
        this.arena = arena;
        this.tiles = tiles;
        this.expressions = expressions;
        this.own = own;
        serving = own;
    }

    /** With the Vector API, whose classes are loaded here; Winograd's transforms are built on fused multiply-adds. */
    public static Kernels vector(Arena arena, MatrixTiles tiles, PointwiseKernels expressions) {
        WinogradLoops winograd = FusedMultiplyAdd.FAST ? new VectorWinogradLoops() : new PlainWinogradLoops();
        return new Kernels(
                arena, tiles, expressions, new Loops(new VectorEpilogueLoops(), new VectorWindowLoops(), winograd));
    }

    /** In plain Java. */
    public static Kernels plain(Arena arena, MatrixTiles tiles, PointwiseKernels expressions) {
        return new Kernels(arena, tiles, expressions, Loops.PLAIN);
    }

    /** Memory for the weights of convolutions. */
    public Arena arena() {
        return arena;
    }

    /** Inner kernels of the convolutions. */
    public MatrixTiles tiles() {
        return tiles;
    }

    /** Element-wise loops. */
    public PointwiseKernels expressions() {
        return expressions;
    }

    /** What ends the tiles' sums. */
    public EpilogueLoops epilogues() {
        return serving.epilogues;
    }

    /** Inner loops of poolings. */
    public WindowLoops windows() {
        return serving.windows;
    }

    /** Transforms of Winograd convolutions. */
    public WinogradLoops winograd() {
        return serving.winograd;
    }

    /** The loops of this form, whichever serve. */
    Loops own() {
        return own;
    }

    /** Has these loops serve from the next call of a step on. */
    void serve(Loops loops) {
        serving = loops;
    }

    /** Whether tiles that read ahead serve; else those that do not do their work. */
    boolean isReadingAhead() {
        return readingAhead;
    }

    /** Has tiles that read ahead serve, or not, from the next product on. */
    void readAhead(boolean serve) {
        readingAhead = serve;
    }

    /** The loops that come in both forms, by one of them or by a mixture. */
    record Loops(EpilogueLoops epilogues, WindowLoops windows, WinogradLoops winograd) {

        static final Loops PLAIN =
                new Loops(new PlainEpilogueLoops(), new PlainWindowLoops(), new PlainWinogradLoops());
    }
}
