package dev.sardonyx.codegen.opencl;

import dev.sardonyx.codegen.opencl.KernelSource.Parameter;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Kernels that combine the elements of lines: reductions, softmax, products of matrices. A line whose elements are neighbours in
 * memory gets a work-group; else neighbouring lines are neighbours, and each gets a work-item.
 */
final class LineKernels {

    /** Shorter lines are not worth a work-group. */
    private static final int SHORTEST_SHARED_LINE = 64;

    private static final int GROUP = 64;

    /** Rows and columns of the tile that a work-group of a matrix product computes. */
    private static final int TILE = 16;

    private final NetworkPlan plan;

    LineKernels(NetworkPlan plan) {
        this.plan = plan;
    }

    /** The lines of x along some axes, and the tensors that are read or written with them. */
    private record Lines(IndexSpace lines, IndexSpace elements) {

        static Lines of(List<Integer> dims, List<Integer> axes, List<Integer> in, List<Integer> out) {
            List<Integer> others = IntStream.range(0, dims.size())
                    .boxed()
                    .filter(axis -> !axes.contains(axis))
                    .toList();
            return new Lines(space(dims, others, in, out), space(dims, axes, in, out));
        }

        private static IndexSpace space(List<Integer> dims, List<Integer> axes, List<Integer> in, List<Integer> out) {
            return IndexSpace.of(pick(dims, axes), List.of(pick(in, axes), pick(out, axes)));
        }

        private static List<Integer> pick(List<Integer> values, List<Integer> axes) {
            return axes.stream().map(values::get).toList();
        }

        boolean shared() {
            return elements.size() >= SHORTEST_SHARED_LINE
                    && elements.strides().getFirst().getLast() == 1;
        }

        /** A loop over the elements of a line, of which {@code k} is the number. */
        String loop(String statement) {
            String start = shared() ? "get_local_id(0)" : "0";
            String step = shared() ? Integer.toString(GROUP) : "1";
            return "for (uint k = %s; k < %du; k += %s) {\n%s}\n"
                    .formatted(
                            start,
                            elements.size(),
                            step,
                            (elements.coordinates("k", "e") + statement + "\n").indent(4));
        }

        String in() {
            return lines.offset(0, "a") + " + " + elements.offset(0, "e");
        }

        String out() {
            return lines.offset(1, "a") + " + " + elements.offset(1, "e");
        }
    }

    void reduce(Call call, Kernel.Reduction reduction) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        GeneratedKernel kernel = GeneratedKernel.writing(plan, "reduce", out);
        Parameter x = kernel.reading(call, 0);
        Lines lines = Lines.of(in.dims(), reduction.axes(), in.strides(), spread(in, out, reduction.axes()));
        boolean max = reduction.kind() == Kernel.Reduction.Kind.MAX;
        String combine = max ? "larger(%s, value)" : "%s + value";
        String body = "float value = " + (max ? "-INFINITY" : "0.0f") + ";\n"
                + lines.loop("value = " + combine.formatted(x.load(lines.in())) + ";")
                + (lines.shared() ? together("value", combine) : "");
        String result = max ? "value" : "value / " + lines.elements().size() + ".0f";
        String store = kernel.output().store(result, lines.lines().offset(1, "a"));
        String name = (max ? "ReduceMax " : "ReduceMean ") + in.dims() + " to " + out.dims();
        finish(
                kernel,
                lines,
                body,
                lines.shared() ? "if (get_local_id(0) == 0) {\n    " + store + "\n}\n" : store,
                name,
                call);
    }

    /** The output's strides by axis of the input, of which the output may lack those that are reduced. */
    private static List<Integer> spread(Layout in, Layout out, List<Integer> axes) {
        if (in.dims().size() == out.dims().size()) {
            return out.strides();
        }
        List<Integer> strides = new ArrayList<>();
        int next = 0;
        for (int axis = 0; axis < in.dims().size(); axis++) {
            strides.add(axes.contains(axis) ? 0 : out.stride(next++));
        }
        return strides;
    }

    void softmax(Call call, Kernel.Softmax softmax) {
        Layout in = plan.in(call, 0);
        Layout out = plan.out(call);
        GeneratedKernel kernel = GeneratedKernel.writing(plan, "softmax", out);
        Parameter x = kernel.reading(call, 0);
        List<Integer> axes =
                IntStream.range(softmax.firstAxis(), softmax.endAxis()).boxed().toList();
        Lines lines = Lines.of(in.dims(), axes, in.strides(), out.strides());
        String value = x.load(lines.in());
        String body = "float top = -INFINITY;\n"
                + lines.loop("top = larger(" + value + ", top);")
                + (lines.shared() ? together("top", "larger(%s, top)") : "")
                + "float sum = 0.0f;\n"
                + lines.loop("sum += exp(" + value + " - top);")
                + (lines.shared() ? together("sum", "%s + sum") : "");
        String result = softmax.log() ? value + " - top - log(sum)" : "exp(" + value + " - top) / sum";
        String name = (softmax.log() ? "LogSoftmax " : "Softmax ") + in.dims();
        finish(kernel, lines, body, lines.loop(kernel.output().store(result, lines.out())), name, call);
    }

    /** Combines a variable of all work-items in a tree; everyone gets the result. */
    private static String together(String variable, String combine) {
        return """
            shared[get_local_id(0)] = %1$s;
            barrier(CLK_LOCAL_MEM_FENCE);
            for (uint half_ = %2$d; half_ > 0; half_ /= 2) {
                if (get_local_id(0) < half_) {
                    %1$s = %3$s;
                    shared[get_local_id(0)] = %1$s;
                }
                barrier(CLK_LOCAL_MEM_FENCE);
            }
            %1$s = shared[0];
            barrier(CLK_LOCAL_MEM_FENCE);
            """.formatted(variable, GROUP / 2, combine.formatted("shared[get_local_id(0) + half_]"));
    }

    private static void finish(GeneratedKernel kernel, Lines lines, String body, String end, String name, Call call) {
        if (lines.shared()) {
            String all = "__local float shared[" + GROUP + "];\nconst uint i = get_group_id(0);\n"
                    + lines.lines().coordinates("i", "a") + body + end;
            int count = lines.lines().size();
            kernel.forEachGroup(count, GROUP, all, name, call, "a work-group for each line");
        } else {
            String all = lines.lines().coordinates("i", "a") + body + end + "\n";
            kernel.forEach(lines.lines().size(), all, name, call, "a work-item for each line");
        }
    }

    /** Matrices in tiles, through local memory; sums run in order, by fma. */
    void product(Call call) {
        Layout a = plan.in(call, 0);
        Layout b = plan.in(call, 1);
        Layout y = plan.out(call);
        GeneratedKernel kernel = GeneratedKernel.writing(plan, "product", y);
        Parameter x0 = kernel.reading(call, 0);
        Parameter x1 = kernel.reading(call, 1);
        int rank = y.dims().size();
        int rows = y.dims().get(rank - 2);
        int columns = y.dims().get(rank - 1);
        int depth = a.dims().getLast();
        List<Integer> matrices = y.dims().subList(0, rank - 2);
        IndexSpace batch = IndexSpace.of(
                matrices, List.of(y.strides().subList(0, rank - 2), leading(a, matrices), leading(b, matrices)));
        int rowTiles = Math.ceilDiv(rows, TILE);
        int columnTiles = Math.ceilDiv(columns, TILE);
        String body = "const uint i = get_group_id(0) / %du;\n".formatted(rowTiles * columnTiles)
                + batch.coordinates("i", "a")
                + """
                __local float as[%1$d][%1$d + 1];
                __local float bs[%1$d][%1$d + 1];
                const uint r = get_local_id(0) / %1$d, c = get_local_id(0) %% %1$d;
                const uint row = get_group_id(0) %% %2$d / %3$d * %1$d + r;
                const uint column = get_group_id(0) %% %3$d * %1$d + c;
                float sum = 0.0f;
                for (uint k0 = 0; k0 < %4$d; k0 += %1$d) {
                    as[r][c] = row < %5$d && k0 + c < %4$d ? %7$s : 0.0f;
                    bs[r][c] = k0 + r < %4$d && column < %6$d ? %8$s : 0.0f;
                    barrier(CLK_LOCAL_MEM_FENCE);
                    for (uint k = 0; k < %1$d; k++) {
                        sum = fma(as[r][k], bs[k][c], sum);
                    }
                    barrier(CLK_LOCAL_MEM_FENCE);
                }
                if (row < %5$d && column < %6$d) {
                    %9$s
                }
                """.formatted(
                                TILE,
                                rowTiles * columnTiles,
                                columnTiles,
                                depth,
                                rows,
                                columns,
                                x0.load(batch.offset(1, "a") + element(a, "row", "(k0 + c)")),
                                x1.load(batch.offset(2, "a") + element(b, "(k0 + r)", "column")),
                                kernel.output().store("sum", batch.offset(0, "a") + element(y, "row", "column")));
        kernel.forEachGroup(
                batch.size() * rowTiles * columnTiles,
                TILE * TILE,
                body,
                "MatMul " + a.dims() + " by " + b.dims(),
                call,
                "tiles of " + TILE + "x" + TILE);
    }

    private static List<Integer> leading(Layout layout, List<Integer> matrices) {
        int rank = layout.dims().size();
        return new Layout(
                        layout.storage(),
                        layout.dims().subList(0, rank - 2),
                        layout.strides().subList(0, rank - 2))
                .broadcastTo(matrices);
    }

    private static String element(Layout layout, String row, String column) {
        int rank = layout.dims().size();
        return " + %s * %s + %s * %s"
                .formatted(
                        row,
                        IndexSpace.unsigned(layout.stride(rank - 2)),
                        column,
                        IndexSpace.unsigned(layout.stride(rank - 1)));
    }
}
