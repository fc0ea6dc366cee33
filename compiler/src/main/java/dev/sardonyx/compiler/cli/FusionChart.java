package dev.sardonyx.compiler.cli;

import dev.sardonyx.runtime.cli.Printable;
import dev.sardonyx.runtime.cli.WholeFile;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;

/** A bar chart of times, as a PNG picture. */
final class FusionChart {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 600;

    private FusionChart() {}

    /** A bar, with its time in milliseconds. */
    record Bar(String name, double ms) {}

    /** @throws dev.sardonyx.runtime.cli.UsageException if the file cannot be written */
    static void write(Path file, String title, List<Bar> bars) {
        System.setProperty("java.awt.headless", "true"); // there is no window, so a display is not needed either
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(Printable.line(title))
                .yAxisTitle("median ms")
                .build();
        CategoryStyler style = chart.getStyler();
        style.setLegendVisible(false).setChartBackgroundColor(Color.WHITE);
        style.setPlotGridVerticalLinesVisible(false).setXAxisLabelRotation(20).setYAxisMin(0.0);
        style.setLabelsVisible(true).setLabelsPosition(1).setDecimalPattern("#0.0##");
        chart.addSeries(
                "median ms",
                bars.stream().map(Bar::name).toList(),
                bars.stream().map(Bar::ms).toList());
        try {
            WholeFile.write(file, out -> BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG));
        } catch (IOException e) {
            throw Failures.usage(e);
        }
    }
}
