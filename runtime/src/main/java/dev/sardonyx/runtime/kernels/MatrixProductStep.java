package dev.sardonyx.runtime.kernels;

/** Product of matrices that are both computed at run time. A unit is one row of one product. */
public final class MatrixProductStep extends Step {

    private final View a;
    private final View b;
    private final View out;
    private final int[] batch;
    private final int rows;
    private final int columns;
    private final int depth;

    /**
     * A step that multiplies; all views have the axes of {@code batch} (stride 0 where broadcast), then the matrix's two.
     *
     * @param batch leading dimensions of the output
     * @param rows rows of a and of the output
     * @param columns columns of b and of the output
     * @param depth columns of a and rows of b
     */
    public MatrixProductStep(StepInfo info, View a, View b, View out, int[] batch, int rows, int columns, int depth) {
        super(info);
        this.a = a;
        this.b = b;
        this.out = out;
        this.batch = batch.clone();
        this.rows = rows;
        this.columns = columns;
        this.depth = depth;
    }

    @Override
    public int units() {
        return Math.max(1, Strides.product(batch) * rows);
    }

    @Override
    public void run(float[][] slots, float[] scratch, int from, int to) {
        int axis = batch.length;
        for (int unit = from; unit < to; unit++) {
            int matrix = unit / rows;
            int row = unit % rows;
            int i = a.at(matrix, batch) + row * a.stride(axis);
            int o = out.at(matrix, batch) + row * out.stride(axis);
            row(slots[a.slot()], i, slots[b.slot()], b.at(matrix, batch), slots[out.slot()], o);
        }
    }

    private void row(float[] left, int i, float[] right, int j, float[] target, int o) {
        int axis = batch.length;
        int outStep = out.stride(axis + 1);
        int rightStep = b.stride(axis + 1);
        for (int column = 0; column < columns; column++) {
            target[o + column * outStep] = 0;
        }
        for (int k = 0; k < depth; k++) {
            float x = left[i + k * a.stride(axis + 1)];
            int line = j + k * b.stride(axis);
            for (int column = 0; column < columns; column++) {
                target[o + column * outStep] += x * right[line + column * rightStep];
            }
        }
    }
}
