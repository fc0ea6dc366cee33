package dev.sardonyx.codegen.simd;

import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.codegen.simd.Layout.Halo;
import dev.sardonyx.runtime.kernels.Arena;
import dev.sardonyx.runtime.kernels.MatrixTile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lays a program out for one vector width: a layout for every buffer, a step for every call and every change of layout, and
 * the memory that they share.
 *
 * <p>Images that convolutions or poolings touch are stored pixel by pixel with the halo that their readers need; everything else is
 * row-major. The caller's arrays are row-major too, so inputs and outputs that are images are copied from and to them.
 */
final class NetworkPlan {

    /**
     * The finished plan.
     *
     * @param steps in order
     * @param slots the memory plan
     * @param tiles the matrix tiles, by number
     * @param expressions the element-wise loops, by number
     * @param weights the constants in the order in which the steps read them
     * @param packedFloats floats that the packed weights of convolutions take
     * @param perImage the steps that take a batch image by image, if any do
     */
    record Result(
            List<PlannedStep> steps,
            Slots slots,
            List<MatrixTile> tiles,
            List<PointwiseLoop> expressions,
            List<StoredConstant> weights,
            int packedFloats,
            Optional<StepRun> perImage) {}

    /** Steps from number {@code first} to {@code end} (exclusive) that compute one of {@code images} images. */
    record StepRun(int first, int end, int images) {}

    private final Program program;
    private final List<Call> calls;
    private final Optional<ImageRun> imageRun;
    private final KernelChoice choice;
    private final Storages storages;
    private final Map<Integer, Layout> layouts = new HashMap<>();
    private final Map<Integer, Halo> halos = new HashMap<>();
    private final Set<Integer> images = new HashSet<>();
    private final List<PlannedStep> steps = new ArrayList<>();
    private final Map<MatrixTile, Integer> tiles = new LinkedHashMap<>();
    private final Map<PointwiseLoop, Integer> expressions = new LinkedHashMap<>();
    private final List<StoredConstant> weights = new ArrayList<>();
    private int packedFloats;
    private Optional<ImageRun> running = Optional.empty();
    private int runStart;
    private Optional<StepRun> perImage = Optional.empty();

    private NetworkPlan(Program program, KernelChoice choice, Storages storages) {
        this.program = program;
        this.choice = choice;
        this.storages = storages;
        imageRun = storages.areShared() ? ImageRun.choose(program, choice) : Optional.empty();
        calls = imageRun.map(run -> run.calls(program)).orElse(program.calls());
    }

    /** {@code storages} are empty yet. */
    static Result plan(Program program, KernelChoice choice, Storages storages) {
        return new NetworkPlan(program, choice, storages).run();
    }

    private Result run() {
        calls.forEach(this::noteNeeds);
        List<Integer> inputStorages =
                program.inputs().stream().map(port -> storages.addExternal()).toList();
        List<Integer> outputStorages =
                program.outputs().stream().map(port -> storages.addExternal()).toList();
        for (int i = 0; i < inputStorages.size(); i++) {
            readInput(program.inputs().get(i).buffer(), inputStorages.get(i));
        }
        Set<Integer> direct = placeOutputs(outputStorages);
        for (int i = 0; i < calls.size(); i++) {
            beginRun(i);
            plan(calls.get(i));
            endRun(i + 1);
        }
        for (int i = 0; i < outputStorages.size(); i++) {
            if (!direct.contains(outputStorages.get(i))) {
                Buffer buffer = program.outputs().get(i).buffer();
                Layout target = Layout.plain(outputStorages.get(i), buffer.shape());
                new Movement(this).copy("output", layout(buffer.id()), target);
            }
        }
        return new Result(
                List.copyOf(steps),
                storages.assign(),
                List.copyOf(tiles.keySet()),
                List.copyOf(expressions.keySet()),
                List.copyOf(weights),
                packedFloats,
                perImage);
    }

    private void beginRun(int call) {
        imageRun.filter(run -> run.first() == call).ifPresent(run -> {
            running = imageRun;
            runStart = steps.size();
        });
    }

    /** What the calls of a run share with others is in use as long as the run lasts. */
    private void endRun(int call) {
        running.filter(run -> run.end() == call).ifPresent(run -> {
            perImage = Optional.of(new StepRun(runStart, steps.size(), run.images()));
            run.read().forEach(id -> storages.use(layout(id).storage(), steps.size() - 1));
            run.written().forEach(id -> storages.use(layout(id).storage(), runStart));
            running = Optional.empty();
        });
    }

    /** Which buffers must be images, and with which halo. */
    private void noteNeeds(Call call) {
        switch (call.kernel()) {
            case Kernel.Convolution convolution -> {
                Buffer in = buffer(call, 0);
                call.operands().forEach(operand -> images.add(bufferOf(operand).id()));
                images.add(call.output().id());
                halos.merge(in.id(), halo(convolution, in, call.output()), Halo::max);
            }
            case Kernel.Pooling pooling -> {
                images.add(buffer(call, 0).id());
                images.add(call.output().id());
            }
            default -> {}
        }
    }

    /** Winograd tiles read whole tiles, also where those reach beyond the output. */
    private Halo halo(Kernel.Convolution convolution, Buffer in, Buffer out) {
        Window window = convolution.window();
        int m = Math.max(1, choice.algorithm(convolution, in, out).m());
        int outH = Math.ceilDiv(out.dim(2), m) * m;
        int outW = Math.ceilDiv(out.dim(3), m) * m;
        return new Halo(
                window.padTop(),
                window.padLeft(),
                beyond(outH, window.strideH(), window.spanH(), window.padTop(), in.dim(2)),
                beyond(outW, window.strideW(), window.spanW(), window.padLeft(), in.dim(3)));
    }

    private static int beyond(int outputs, int stride, int span, int padBefore, int size) {
        return Math.max(0, (outputs - 1) * stride + span - padBefore - size);
    }

    private void readInput(Buffer buffer, int storage) {
        Layout plain = Layout.plain(storage, buffer.shape());
        if (images.contains(buffer.id())) {
            Layout image = place(buffer);
            new Movement(this).copy("input", plain, image);
        } else {
            layouts.put(buffer.id(), plain);
        }
    }

    /** Lets calls write row-major outputs straight to the caller's arrays; returns the storages that are served so. */
    private Set<Integer> placeOutputs(List<Integer> outputStorages) {
        Set<Integer> direct = new HashSet<>();
        Set<Integer> written = new HashSet<>();
        program.calls().stream()
                .filter(call -> !(call.kernel() instanceof Kernel.Reshape))
                .forEach(call -> written.add(call.output().id()));
        for (int i = 0; i < outputStorages.size(); i++) {
            Port port = program.outputs().get(i);
            int id = port.buffer().id();
            if (written.contains(id) && !images.contains(id) && !layouts.containsKey(id)) {
                layouts.put(
                        id, Layout.plain(outputStorages.get(i), port.buffer().shape()));
                direct.add(outputStorages.get(i));
            }
        }
        return direct;
    }

    private void plan(Call call) {
        switch (call.kernel()) {
            case Kernel.Convolution convolution -> new ConvolutionPlanner(this, choice).plan(call, convolution);
            case Kernel.Pooling pooling -> new WindowPlanner(this).pool(call, pooling);
            case Kernel.Pointwise pointwise -> new PointwisePlanner(this).plan(call, pointwise);
            case Kernel.Reduction reduction -> {
                if (reduction.axes().equals(List.of(2, 3)) && isImage(buffer(call, 0))) {
                    new WindowPlanner(this).reducePixels(call, reduction);
                } else {
                    new ReductionPlanner(this).reduce(call, reduction);
                }
            }
            case Kernel.Softmax softmax -> new ReductionPlanner(this).softmax(call, softmax);
            case Kernel.MatrixProduct product -> new ReductionPlanner(this).product(call);
            case Kernel.LocalResponseNormalization lrn -> new WindowPlanner(this).normalise(call, lrn);
            case Kernel.Reshape reshape -> new Movement(this).reshape(call);
            case Kernel.Copy copy -> new Movement(this).regions(call, copy);
        }
    }

    // What the planners build on.

    KernelChoice choice() {
        return choice;
    }

    Storages storages() {
        return storages;
    }

    static Buffer buffer(Call call, int operand) {
        return bufferOf(call.operands().get(operand));
    }

    private static Buffer bufferOf(Operand operand) {
        return switch (operand) {
            case Operand.Variable variable -> variable.buffer();
            case Operand.Fixed fixed -> throw new IllegalStateException("a kernel needs a variable operand");
        };
    }

    /** The layout of a call's operand. */
    Layout in(Call call, int operand) {
        return switch (call.operands().get(operand)) {
            case Operand.Fixed fixed -> Layout.constant(fixed.constant());
            case Operand.Variable variable -> {
                Layout layout = layout(variable.buffer().id());
                storages.use(layout.storage(), steps.size());
                storages.require(layout.storage(), layout.end());
                yield running.isPresent() ? layout.firstImage() : layout;
            }
        };
    }

    private Layout layout(int buffer) {
        Layout layout = layouts.get(buffer);
        if (layout == null) {
            throw new IllegalStateException("a buffer is read before it is written");
        }
        return layout;
    }

    /** The layout of a call's output, placed now if it has no place yet. */
    Layout out(Call call) {
        Layout known = layouts.get(call.output().id());
        Layout layout = known == null ? place(call.output()) : known;
        storages.use(layout.storage(), steps.size());
        return running.isPresent() ? layout.firstImage() : layout;
    }

    /** Marks a layout as used by the step that is planned next. */
    void use(Layout layout) {
        storages.use(layout.storage(), steps.size());
    }

    boolean isImage(Buffer buffer) {
        return images.contains(buffer.id());
    }

    Halo haloOf(Buffer buffer) {
        return halos.getOrDefault(buffer.id(), Halo.NONE);
    }

    /** Makes {@code buffer} another view of memory that is there already. */
    void alias(Buffer buffer, Layout layout) {
        layouts.put(buffer.id(), layout);
        storages.require(layout.storage(), layout.end());
    }

    boolean isPlaced(Buffer buffer) {
        return layouts.containsKey(buffer.id());
    }

    private Layout place(Buffer buffer) {
        boolean ofRun =
                running.filter(run -> !run.written().contains(buffer.id())).isPresent();
        Buffer whole = ofRun ? buffer : program.buffers().get(buffer.id());
        Layout layout = isImage(buffer) ? placeImage(whole) : placePlain(whole.shape());
        layouts.put(buffer.id(), ofRun ? layout.forEachImage() : layout);
        return layouts.get(buffer.id());
    }

    /** New row-major memory. */
    Layout placePlain(List<Integer> dims) {
        Layout layout = Layout.plain(storages.add(Storages.DENSE, 0), dims);
        storages.require(layout.storage(), layout.end());
        return layout;
    }

    private Layout placeImage(Buffer buffer) {
        Halo halo = haloOf(buffer);
        String geometry = halo.equals(Halo.NONE) ? Storages.DENSE : buffer.shape() + "/" + halo;
        Layout layout = Layout.image(storages.add(geometry, 0), buffer.shape(), halo);
        storages.require(layout.storage(), Math.multiplyExact(buffer.dim(0), layout.batchStride()));
        return layout;
    }

    void add(PlannedStep step) {
        steps.add(running.map(run -> step.times(run.images())).orElse(step));
    }

    /** Number of the tile of this shape. */
    int tile(MatrixTile shape) {
        return tiles.computeIfAbsent(shape, s -> tiles.size());
    }

    /** Number of the element-wise loop of this shape. */
    int expression(PointwiseLoop loop) {
        return expressions.computeIfAbsent(loop, l -> expressions.size());
    }

    /** Notes that packed weights take {@code floats} floats. */
    void pack(int floats) {
        packedFloats = Math.addExact(packedFloats, Arena.footprint(floats));
    }

    /** Notes that the next step reads this constant from the weights; in order. */
    void read(StoredConstant constant) {
        weights.add(constant);
    }

    static long bytes(Call call) {
        long elements = call.output().elements();
        for (Operand operand : call.operands()) {
            long product = 1;
            for (int dim : operand.shape()) {
                product *= dim;
            }
            elements += product;
        }
        return elements * Float.BYTES;
    }
}
