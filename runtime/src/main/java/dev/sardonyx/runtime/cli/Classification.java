package dev.sardonyx.runtime.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Shows an output: the highest classes of a classifier, the range of values of anything else. */
final class Classification {

    private final TensorData output;
    private final int rows;
    private final int classes;

    private Classification(TensorData output, int rows, int classes) {
        this.output = output;
        this.rows = rows;
        this.classes = classes;
    }

    /** Prints {@code output}: {@code top} classes per picture where its shape is that of a classifier, else a line. */
    static void print(TensorData output, int top, Labels labels, PrintStream out) {
        List<Integer> shape = new ArrayList<>(output.shape());
        while (shape.size() > 2 && shape.getLast() == 1) {
            shape.removeLast();
        }
        if (output.values().length < 2 || shape.size() > 2) {
            printRange(output, out);
            return;
        }
        int rows = shape.size() == 2 ? shape.getFirst() : 1;
        Classification classification = new Classification(output, rows, shape.getLast());
        for (int row = 0; row < rows; row++) {
            classification.printRow(row, top, labels, out);
        }
    }

    private static void printRange(TensorData output, PrintStream out) {
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        double sum = 0;
        for (float value : output.values()) {
            least = Math.min(least, value);
            largest = Math.max(largest, value);
            sum += value;
        }
        String values = output.values().length == 0
                ? ": no values"
                : String.format(Locale.ROOT, ": %.6g to %.6g, mean %.6g", least, largest, sum / output.values().length);
        out.println(Printable.line(output.name() + " " + output.shape() + values));
    }

    private void printRow(int row, int top, Labels labels, PrintStream out) {
        double[] values = new double[classes];
        for (int i = 0; i < classes; i++) {
            values[i] = output.values()[row * classes + i];
        }
        boolean finite = isFinite(values);
        boolean softmax = finite && !isDistribution(values);
        double[] shown = softmax ? softmax(values) : values;
        String batch = rows > 1 ? ", picture " + row : "";
        String note = softmax ? ", probabilities by softmax, for display only" : finite ? "" : ", not all finite";
        out.println(Printable.line(output.name() + " " + output.shape() + batch + note));
        Table table = new Table(">rank", ">class", finite ? ">probability" : ">value", "label");
        List<Integer> order = IntStream.range(0, classes)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> Double.isNaN(values[i]) ? 1 : 0)
                        .thenComparingDouble(i -> -values[i])
                        .thenComparingInt(i -> i))
                .limit(top)
                .toList();
        for (int rank = 0; rank < order.size(); rank++) {
            int index = order.get(rank);
            String value = finite ? String.format(Locale.ROOT, "%.4f", shown[index]) : Double.toString(shown[index]);
            table.row(rank + 1, index, value, labels.name(index, classes).orElse(""));
        }
        table.print(out);
    }

    private static boolean isFinite(double[] values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** Whether all lie between 0 and 1 and add up to 1, within what float32 leaves of that. */
    private static boolean isDistribution(double[] values) {
        double sum = 0;
        for (double value : values) {
            if (value < 0 || value > 1.0001) {
                return false;
            }
            sum += value;
        }
        return Math.abs(sum - 1) < 1e-3;
    }

    private static double[] softmax(double[] values) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        double[] result = new double[values.length];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            result[i] = Math.exp(values[i] - largest);
            sum += result[i];
        }
        for (int i = 0; i < values.length; i++) {
            result[i] /= sum;
        }
        return result;
    }
}
