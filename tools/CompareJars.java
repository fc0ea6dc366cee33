import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.jar.JarFile;

/**
 * Compares the speed of two compiled jars of one network, such as two commits of the compiler made, on a machine that is never
 * quiet: two JVMs take turns of a few inferences each, so that what disturbs one disturbs the other, and the median of the
 * paired ratios is told for each of several starts, since C2 may choose differently in each.
 *
 * <pre>java tools/CompareJars.java old.jar new.jar [starts [rounds [inferences a turn]]]</pre>
 *
 * <p>Needs JDK 25, and Linux or another system that has {@code java.home/bin/java}. One thread, the first input filled with noise.
 */
final class CompareJars {

    private static final int WARM_UP_TURNS = 16;

    private CompareJars() {}

    public static void main(String... arguments) throws Exception {
        if (arguments.length == 1) {
            takeTurns(arguments[0]);
            return;
        }
        if (arguments.length < 2) {
            System.err.println(
                    "usage: java tools/CompareJars.java old.jar new.jar [starts [rounds [inferences a turn]]]");
            System.exit(2);
        }
        int starts = number(arguments, 2, 5);
        double[] ratios = new double[starts];
        for (int i = 0; i < starts; i++) {
            ratios[i] = compare(
                    Path.of(arguments[0]), Path.of(arguments[1]), number(arguments, 3, 30), number(arguments, 4, 3));
        }
        System.out.printf(
                "the second is %.3f times as fast: median of %d starts, %s%n",
                median(ratios), starts, Arrays.toString(ratios));
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return index < arguments.length ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static double compare(Path first, Path second, int rounds, int inferences) throws IOException {
        try (Runner a = new Runner(first);
                Runner b = new Runner(second)) {
            for (int i = 0; i < WARM_UP_TURNS; i++) {
                a.turn(inferences);
                b.turn(inferences);
            }
            double[] times = new double[rounds];
            double[] ratios = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                boolean swapped = i % 2 == 1;
                double x = (swapped ? b : a).turn(inferences);
                double y = (swapped ? a : b).turn(inferences);
                times[i] = swapped ? y : x;
                ratios[i] = swapped ? y / x : x / y;
            }
            double ratio = Math.round(median(ratios) * 1000) / 1000.0;
            System.out.printf("%.2f ms an inference, the second %.3f times as fast%n", median(times), ratio);
            return ratio;
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** A JVM that infers when it is told to. */
    private static final class Runner implements AutoCloseable {
        private final Process process;
        private final Writer commands;
        private final BufferedReader answers;

        Runner(Path jar) throws IOException {
            String modelClass;
            try (JarFile file = new JarFile(jar.toFile())) {
                modelClass = file.getManifest().getMainAttributes().getValue("Sardonyx-Model-Class");
            }
            process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--add-modules",
                            "jdk.incubator.vector",
                            "-cp",
                            jar.toString(),
                            Path.of("tools", "CompareJars.java").toString(),
                            modelClass))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            commands = process.outputWriter();
            answers = process.inputReader();
        }

        /** The least time of some inferences, in milliseconds. */
        double turn(int inferences) throws IOException {
            commands.write(inferences + "\n");
            commands.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException("the JVM ended");
            }
            return Double.parseDouble(answer);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** In the JVM of a {@link Runner}, whose class path is the jar, which this program is not compiled against. */
    private static void takeTurns(String modelClass) throws Exception {
        Object model = Class.forName(modelClass).getMethod("load").invoke(null);
        Object session = model.getClass().getMethod("newSession").invoke(model);
        Method run = session.getClass().getMethod("run", float[].class);
        float[] input = new float[inputSize(model)];
        Random random = new Random(1);
        for (int i = 0; i < input.length; i++) {
            input[i] = (float) random.nextGaussian();
        }
        for (String line = IO.readln(); line != null; line = IO.readln()) {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < Integer.parseInt(line); i++) {
                long start = System.nanoTime();
                run.invoke(session, (Object) input);
                least = Math.min(least, System.nanoTime() - start);
            }
            IO.println(least / 1e6);
        }
    }

    private static int inputSize(Object model) throws ReflectiveOperationException {
        Object info = model.getClass().getMethod("info").invoke(model);
        Object first = ((List<?>) info.getClass().getMethod("inputs").invoke(info)).getFirst();
        return (Integer) first.getClass().getMethod("elements").invoke(first);
    }
}
