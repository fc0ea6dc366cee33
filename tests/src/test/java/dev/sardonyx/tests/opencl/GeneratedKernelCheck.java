package dev.sardonyx.tests.opencl;

import dev.sardonyx.codegen.Compilation;
import dev.sardonyx.codegen.JarWriter;
import dev.sardonyx.codegen.PlanOptions;
import dev.sardonyx.codegen.interpreter.ProgramInterpreter;
import dev.sardonyx.codegen.opencl.OpenClTarget;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Call;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Expression;
import dev.sardonyx.codegen.program.Expression.BinaryFunction;
import dev.sardonyx.codegen.program.Expression.UnaryFunction;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Operand;
import dev.sardonyx.codegen.program.Port;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.ProgramVerifier;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.CompiledModel;
import dev.sardonyx.runtime.ElementType;
import dev.sardonyx.runtime.ModelInfo;
import dev.sardonyx.runtime.Session;
import dev.sardonyx.runtime.TensorInfo;
import dev.sardonyx.runtime.opencl.Precision;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Runs every kernel that is generated for a network, all in one program, from a jar. Says {@code ok NAME} or {@code FAILED NAME:
 * REASON}, a line for each case.
 */
public final class GeneratedKernelCheck {

    private final Random random = new Random(11);
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Port> inputs = new ArrayList<>();
    private final List<Port> outputs = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();

    private final Precision precision;

    private GeneratedKernelCheck(Precision precision) {
        this.precision = precision;
    }

    /** Runs all cases in the precision that {@code args} name. */
    public static void main(String[] args) throws Exception {
        GeneratedKernelCheck check =
                new GeneratedKernelCheck(Precision.named(args[0]).orElseThrow());
        check.poolings();
        check.expressions();
        check.lines();
        check.products();
        check.movement();
        check.reshapes();
        System.exit(check.run() ? 0 : 1);
    }

    private void poolings() {
        Window window = Window.of(3, 3).withStrides(2, 2).withPads(1, 1, 1, 1);
        pool("MaxPool 3x3/2", Kernel.Pooling.Kind.MAX, window, false, List.of(2, 5, 7, 8), 4, 4);
        pool(
                "MaxPool dilated",
                Kernel.Pooling.Kind.MAX,
                Window.of(2, 3).withDilations(2, 2),
                false,
                List.of(1, 3, 6, 7),
                4,
                3);
        pool("AveragePool", Kernel.Pooling.Kind.AVERAGE, window, false, List.of(1, 4, 7, 7), 4, 4);
        pool("AveragePool with padding", Kernel.Pooling.Kind.AVERAGE, window, true, List.of(1, 4, 7, 7), 4, 4);
        pool(
                "AveragePool, ceil",
                Kernel.Pooling.Kind.AVERAGE,
                Window.of(2, 2).withStrides(2, 2),
                true,
                List.of(1, 2, 5, 5),
                3,
                3);
    }

    private void pool(
            String name,
            Kernel.Pooling.Kind kind,
            Window window,
            boolean pads,
            List<Integer> in,
            int height,
            int width) {
        call(name, new Kernel.Pooling(kind, window, pads), List.of(in.get(0), in.get(1), height, width), input(in));
    }

    private void expressions() {
        Expression x = new Expression.Input(0);
        Expression y = new Expression.Input(1);
        for (UnaryFunction function : UnaryFunction.values()) {
            Expression positive = new Expression.Binary(BinaryFunction.MULTIPLY, x, x);
            Expression argument = function == UnaryFunction.SQRT ? positive : x;
            call(
                    "Pointwise " + function,
                    new Kernel.Pointwise(new Expression.Unary(function, argument)),
                    List.of(3, 5),
                    input(List.of(3, 5)));
        }
        for (BinaryFunction function : BinaryFunction.values()) {
            call(
                    "Pointwise " + function + ", broadcast",
                    new Kernel.Pointwise(new Expression.Binary(function, x, y)),
                    List.of(2, 3, 4, 5),
                    input(List.of(2, 3, 4, 5)),
                    input(List.of(3, 1, 5)));
        }
        call(
                "Pointwise with constants",
                new Kernel.Pointwise(new Expression.Binary(
                        BinaryFunction.ADD,
                        new Expression.Binary(BinaryFunction.MULTIPLY, x, y),
                        new Expression.Binary(
                                BinaryFunction.MAX, new Expression.Input(2), new Expression.Literal(-0.5f)))),
                List.of(1, 4, 3, 3),
                input(List.of(1, 4, 3, 3)),
                constant(List.of(4, 1, 1)),
                constant(List.of(1)));
        call(
                "Pointwise of a scalar",
                new Kernel.Pointwise(new Expression.Unary(UnaryFunction.NEGATE, x)),
                List.of(),
                input(List.of()));
    }

    private void lines() {
        for (Kernel.Reduction.Kind kind : Kernel.Reduction.Kind.values()) {
            call(
                    "Reduce " + kind + " of pixels",
                    new Kernel.Reduction(kind, List.of(2, 3)),
                    List.of(2, 6, 1, 1),
                    input(List.of(2, 6, 5, 3)));
            call(
                    "Reduce " + kind + " of the last axis",
                    new Kernel.Reduction(kind, List.of(1)),
                    List.of(3),
                    input(List.of(3, 130)));
            call(
                    "Reduce " + kind + " of the middle",
                    new Kernel.Reduction(kind, List.of(1)),
                    List.of(3, 4),
                    input(List.of(3, 5, 4)));
            call(
                    "Reduce " + kind + " of everything",
                    new Kernel.Reduction(kind, List.of(0, 1)),
                    List.of(),
                    input(List.of(9, 9)));
        }
        for (boolean log : new boolean[] {false, true}) {
            String name = log ? "LogSoftmax" : "Softmax";
            call(name + " of a long line", new Kernel.Softmax(1, 2, log), List.of(2, 100), input(List.of(2, 100)));
            call(name + " of a short line", new Kernel.Softmax(1, 2, log), List.of(3, 10), input(List.of(3, 10)));
            call(name + " of channels", new Kernel.Softmax(1, 2, log), List.of(1, 5, 3, 4), input(List.of(1, 5, 3, 4)));
            call(
                    name + " of all but the first",
                    new Kernel.Softmax(1, 4, log),
                    List.of(2, 3, 4, 7),
                    input(List.of(2, 3, 4, 7)));
        }
        call(
                "LRN",
                new Kernel.LocalResponseNormalization(5, 0.1f, 0.75f, 1.5f),
                List.of(1, 9, 3, 2),
                input(List.of(1, 9, 3, 2)));
        call(
                "LRN, even",
                new Kernel.LocalResponseNormalization(4, 0.3f, 0.5f, 1),
                List.of(2, 7, 2, 2),
                input(List.of(2, 7, 2, 2)));
    }

    private void products() {
        Kernel product = new Kernel.MatrixProduct();
        call("MatMul", product, List.of(5, 7), input(List.of(5, 33)), input(List.of(33, 7)));
        call("MatMul, several tiles", product, List.of(20, 35), input(List.of(20, 17)), input(List.of(17, 35)));
        call("MatMul, batched", product, List.of(2, 3, 4, 5), input(List.of(2, 1, 4, 6)), input(List.of(3, 6, 5)));
    }

    private void movement() {
        call(
                "Transpose",
                copy(0, region(0, List.of(4, 3), List.of(0, 0), List.of(0, 0), List.of(1, 1), List.of(1, 0))),
                List.of(4, 3),
                input(List.of(3, 4)));
        call(
                "Slice backwards",
                copy(0, region(0, List.of(3, 2), List.of(0, 0), List.of(4, 1), List.of(-2, 1), List.of(0, 1))),
                List.of(3, 2),
                input(List.of(5, 4)));
        call(
                "Pad",
                copy(2.5f, region(0, List.of(2, 3), List.of(1, 2), List.of(0, 0), List.of(1, 1), List.of(0, 1))),
                List.of(4, 6),
                input(List.of(2, 3)));
        call(
                "Concat of channels",
                copy(
                        0,
                        region(
                                0,
                                List.of(1, 3, 2, 2),
                                List.of(0, 0, 0, 0),
                                List.of(0, 0, 0, 0),
                                List.of(1, 1, 1, 1),
                                List.of(0, 1, 2, 3)),
                        region(
                                1,
                                List.of(1, 2, 2, 2),
                                List.of(0, 3, 0, 0),
                                List.of(0, 0, 0, 0),
                                List.of(1, 1, 1, 1),
                                List.of(0, 1, 2, 3))),
                List.of(1, 5, 2, 2),
                input(List.of(1, 3, 2, 2)),
                input(List.of(1, 2, 2, 2)));
        call(
                "Expand",
                copy(0, region(0, List.of(3, 4), List.of(0, 0), List.of(0), List.of(1), List.of(1))),
                List.of(3, 4),
                input(List.of(4)));
    }

    /** Of images that lie pixel by pixel, so that something has to move. */
    private void reshapes() {
        Buffer pooled = call(
                "MaxPool before Reshape",
                new Kernel.Pooling(Kernel.Pooling.Kind.MAX, Window.of(2, 2), false),
                List.of(2, 3, 3, 4),
                input(List.of(2, 3, 4, 5)));
        call("Reshape to a matrix", new Kernel.Reshape(), List.of(2, 36), new Operand.Variable(pooled));
        Buffer folded =
                call("Reshape to an image", new Kernel.Reshape(), List.of(2, 4, 3, 3), new Operand.Variable(pooled));
        call(
                "MaxPool after Reshape",
                new Kernel.Pooling(Kernel.Pooling.Kind.MAX, Window.of(3, 3), false),
                List.of(2, 4, 1, 1),
                new Operand.Variable(folded));
        call("Reshape of an input", new Kernel.Reshape(), List.of(6, 2), input(List.of(3, 4)));
    }

    private static Kernel copy(float fill, Kernel.Region... regions) {
        return new Kernel.Copy(List.of(regions), fill);
    }

    private static Kernel.Region region(
            int operand,
            List<Integer> extent,
            List<Integer> outStart,
            List<Integer> inStart,
            List<Integer> inStep,
            List<Integer> axisMap) {
        return new Kernel.Region(operand, extent, outStart, inStart, inStep, axisMap);
    }

    private Buffer buffer(List<Integer> shape) {
        Buffer buffer = new Buffer(buffers.size(), shape);
        buffers.add(buffer);
        return buffer;
    }

    private Operand input(List<Integer> shape) {
        Buffer buffer = buffer(shape);
        inputs.add(new Port("x" + inputs.size(), ElementType.FLOAT32, buffer));
        return new Operand.Variable(buffer);
    }

    private Operand constant(List<Integer> shape) {
        return new Operand.Fixed(new Constant(shape, values(shape.stream().reduce(1, (a, b) -> a * b))));
    }

    private Buffer call(String name, Kernel kernel, List<Integer> shape, Operand... operands) {
        Buffer out = buffer(shape);
        calls.add(new Call(kernel, List.of(operands), out, List.of(name)));
        outputs.add(new Port(name, ElementType.FLOAT32, out));
        return out;
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private boolean run() throws Exception {
        Program program = new Program(inputs, outputs, buffers, calls);
        ProgramVerifier.verify(program);
        List<float[]> arguments =
                inputs.stream().map(port -> values(port.buffer().elements())).toList();
        List<float[]> expected = ProgramInterpreter.run(program, arguments);
        float[][] actual = new float[outputs.size()][];
        for (int i = 0; i < actual.length; i++) {
            actual[i] = new float[outputs.get(i).buffer().elements()];
        }
        ModelInfo info = new ModelInfo("Net", "0".repeat(64), "none", "test", tensors(inputs), tensors(outputs), 0, 0);
        Compilation compilation =
                new Compilation(program, info, "models.test", new PlanOptions(false, Set.of(), precision));
        Path jar = Files.createTempFile("program", ".jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            JarWriter.write(compilation, new OpenClTarget().generate(compilation), _ -> true, out);
        }
        try (URLClassLoader loader = new URLClassLoader(
                        new URL[] {jar.toUri().toURL()}, GeneratedKernelCheck.class.getClassLoader());
                CompiledModel model = (CompiledModel)
                        loader.loadClass("models.test.Net").getMethod("load").invoke(null);
                Session session = model.newSession()) {
            session.run(arguments.toArray(float[][]::new), actual);
            session.run(arguments.toArray(float[][]::new), actual);
        } finally {
            Files.delete(jar);
        }
        boolean good = true;
        for (int i = 0; i < actual.length; i++) {
            String problem = compare(expected.get(i), actual[i], tolerance());
            String name = outputs.get(i).name();
            System.out.println(problem.isEmpty() ? "ok " + name : "FAILED " + name + ": " + problem);
            good &= problem.isEmpty();
        }
        return good;
    }

    private static List<TensorInfo> tensors(List<Port> ports) {
        return ports.stream()
                .map(port -> new TensorInfo(
                        port.name(), port.elementType(), port.buffer().shape()))
                .toList();
    }

    /**
     * Of float32, for sums of up to some hundred values, and for functions that OpenCL allows a few units in the last place. Half rounds
     * each stored tensor by 2^-11 of itself, and here at most three follow each other.
     */
    private float tolerance() {
        return precision == Precision.FP32 ? 2e-6f : 2e-3f;
    }

    private static String compare(float[] expected, float[] actual, float tolerance) {
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= tolerance * Math.max(1, Math.abs(expected[i])))) {
                return "element " + i + " is " + actual[i] + ", not " + expected[i];
            }
        }
        return "";
    }
}
