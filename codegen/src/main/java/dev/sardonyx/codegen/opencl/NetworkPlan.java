package dev.sardonyx.codegen.opencl;

import dev.sardonyx.codegen.PlanOptions;
import dev.sardonyx.codegen.Planning;
import dev.sardonyx.codegen.StoredConstant;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.runtime.opencl.ConvolutionShape;
import dev.sardonyx.runtime.opencl.Precision;
import dev.sardonyx.runtime.opencl.SessionMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lays a program out for OpenCL devices: a layout for every buffer, a step for every call and every change of layout, the
 * memory that they share, and the text of the kernels that are the network's own.
 *
 * <p>Tensors of rank 4 are stored pixel by pixel, everything else row-major. The caller's arrays are row-major, so inputs and
 * outputs that convolutions or poolings touch are copied from and to them; other kernels read and write any layout.
 */
final class NetworkPlan {

    /**
     * The finished plan.
     *
     * @param steps in order
     * @param slots the memory plan
     * @param source OpenCL C of the network's own kernels
     * @param weights the constants in the order in which the steps read them
     */
    record Result(List<PlannedStep> steps, Storages.Slots slots, String source, List<StoredConstant> weights) {}

    private static final int IMAGE_RANK = 4;

    private final Program program;
    private final Precision precision;
    private final WinogradChoice winograd;
    private final Storages storages;
    private final KernelSource source = new KernelSource();
    private final Map<Integer, Layout> layouts = new HashMap<>();
    private final Set<Integer> images = new HashSet<>();
    private final List<PlannedStep> steps = new ArrayList<>();
    private final List<StoredConstant> weights = new ArrayList<>();
    private final List<ConvolutionShape> convolutions = new ArrayList<>();

    private NetworkPlan(Program program, PlanOptions options) {
        this.program = program;
        precision = options.precision();
        winograd = new WinogradChoice(program, options);
        storages = new Storages(options.plans(Planning.MEMORY));
    }

    static Result plan(Program program, PlanOptions options) {
        return new NetworkPlan(program, options).run();
    }

    private Result run() {
        program.calls().forEach(this::noteImages);
        List<Layout> inputs =
                program.inputs().stream().map(port -> external(port.buffer())).toList();
        List<Layout> outputs =
                program.outputs().stream().map(port -> external(port.buffer())).toList();
        for (int i = 0; i < inputs.size(); i++) {
            Buffer buffer = program.inputs().get(i).buffer();
            if (images.contains(buffer.id())) {
                Layout image = place(buffer);
                new ElementKernels(this).copy("Copy input " + buffer.shape(), List.of(), inputs.get(i), image);
            } else {
                layouts.put(buffer.id(), inputs.get(i));
            }
        }
        Set<Integer> direct = placeOutputs(outputs);
        program.calls().forEach(this::plan);
        for (int i = 0; i < outputs.size(); i++) {
            Buffer buffer = program.outputs().get(i).buffer();
            if (!direct.contains(i)) {
                new ElementKernels(this)
                        .copy("Copy output " + buffer.shape(), List.of(), layout(buffer), outputs.get(i));
            }
        }
        return new Result(
                List.copyOf(steps),
                storages.assign(precision.bytes(), SessionMemory.mostScratch(convolutions)),
                source.text(),
                List.copyOf(weights));
    }

    private Layout external(Buffer buffer) {
        return Layout.rowMajor(storages.addExternal(buffer.elements()), buffer.shape());
    }

    /** Convolutions and poolings take nothing but images. */
    private void noteImages(Call call) {
        if (call.kernel() instanceof Kernel.Convolution || call.kernel() instanceof Kernel.Pooling) {
            call.operands().forEach(operand -> images.add(bufferOf(operand).id()));
            images.add(call.output().id());
        }
    }

    /** Lets kernels that write any layout write outputs in place; returns the positions of these outputs. */
    private Set<Integer> placeOutputs(List<Layout> outputs) {
        Set<Integer> direct = new HashSet<>();
        Set<Integer> written = new HashSet<>();
        program.calls().stream()
                .filter(call -> !(call.kernel() instanceof Kernel.Reshape))
                .forEach(call -> written.add(call.output().id()));
        for (int i = 0; i < outputs.size(); i++) {
            int id = program.outputs().get(i).buffer().id();
            if (written.contains(id) && !images.contains(id) && !layouts.containsKey(id)) {
                layouts.put(id, outputs.get(i));
                direct.add(i);
            }
        }
        return direct;
    }

    private void plan(Call call) {
        switch (call.kernel()) {
            case Kernel.Convolution convolution -> new ConvolutionPlanner(this).plan(call, convolution);
            case Kernel.Pooling pooling -> new WindowKernels(this).pool(call, pooling);
            case Kernel.LocalResponseNormalization lrn -> new WindowKernels(this).normalise(call, lrn);
            case Kernel.Pointwise pointwise -> new ElementKernels(this).pointwise(call, pointwise);
            case Kernel.Copy copy -> new ElementKernels(this).regions(call, copy);
            case Kernel.Reshape _ -> new ElementKernels(this).reshape(call);
            case Kernel.Reduction reduction -> new LineKernels(this).reduce(call, reduction);
            case Kernel.Softmax softmax -> new LineKernels(this).softmax(call, softmax);
            case Kernel.MatrixProduct _ -> new LineKernels(this).product(call);
        }
    }

    // What the planners build on.

    Storages storages() {
        return storages;
    }

    WinogradChoice winograd() {
        return winograd;
    }

    KernelSource source() {
        return source;
    }

    /** The layout of a call's operand; constants are row-major, and read next from the weights. */
    Layout in(Call call, int operand) {
        return switch (call.operands().get(operand)) {
            case Operand.Variable(Buffer buffer) -> used(layout(buffer));
            case Operand.Fixed(Constant constant) -> Layout.rowMajor(Layout.VALUES, constant.shape());
        };
    }

    static Buffer bufferOf(Operand operand) {
        return switch (operand) {
            case Operand.Variable(Buffer buffer) -> buffer;
            case Operand.Fixed _ -> throw new IllegalStateException("a kernel needs a variable operand");
        };
    }

    private Layout layout(Buffer buffer) {
        Layout layout = layouts.get(buffer.id());
        if (layout == null) {
            throw new IllegalStateException("a buffer is read before it is written");
        }
        return layout;
    }

    /** The layout of a call's output, placed now if it has no place yet. */
    Layout out(Call call) {
        Layout known = layouts.get(call.output().id());
        return used(known == null ? place(call.output()) : known);
    }

    /** Marks a layout as used by the step that is planned next. */
    Layout used(Layout layout) {
        if (layout.storage() != Layout.VALUES) {
            storages.use(layout.storage(), steps.size());
        }
        return layout;
    }

    boolean isPlaced(Buffer buffer) {
        return layouts.containsKey(buffer.id());
    }

    /** Makes {@code buffer} another view of memory that is there already. */
    void alias(Buffer buffer, Layout layout) {
        layouts.put(buffer.id(), layout);
    }

    private Layout place(Buffer buffer) {
        int storage = storages.add(buffer.elements());
        Layout layout = natural(storage, buffer);
        layouts.put(buffer.id(), layout);
        return layout;
    }

    /** New row-major memory. */
    Layout placeRowMajor(List<Integer> dims) {
        return Layout.rowMajor(storages.add(dims.stream().reduce(1, Math::multiplyExact)), dims);
    }

    /** The layout that a buffer would have in a storage. */
    static Layout natural(int storage, Buffer buffer) {
        return buffer.rank() == IMAGE_RANK
                ? Layout.image(storage, buffer.shape())
                : Layout.rowMajor(storage, buffer.shape());
    }

    void add(PlannedStep step) {
        steps.add(step);
    }

    /** Notes that the next step is this convolution. */
    void convolve(ConvolutionShape shape) {
        convolutions.add(shape);
    }

    /** Notes that the next step reads this constant from the weights; in order. */
    void read(StoredConstant constant) {
        weights.add(constant);
    }

    /** Bytes of stored elements. */
    long bytes(long elements) {
        return elements * precision.bytes();
    }

    /** Bytes of a call's tensors. */
    long bytes(Call call) {
        long elements = call.output().elements();
        for (Operand operand : call.operands()) {
            elements += operand.shape().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        }
        return bytes(elements);
    }
}
