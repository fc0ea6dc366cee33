package dev.sardonyx.compiler.cli;

import dev.sardonyx.compiler.driver.CompileObserver;
import dev.sardonyx.compiler.graph.Graph;
import dev.sardonyx.compiler.passes.Pass;
import dev.sardonyx.compiler.passes.PassPipeline;
import dev.sardonyx.runtime.cli.Terminal;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far something has come, on a terminal only. */
final class Progress implements CompileObserver, AutoCloseable {

    private final Optional<ProgressBar> bar;

    private Progress(Optional<ProgressBar> bar) {
        this.bar = bar;
    }

    /** No bar. */
    static Progress none() {
        return new Progress(Optional.empty());
    }

    /** A bar for a compilation. */
    static Progress ofCompilation(Terminal terminal, String task) {
        return of(terminal, task, Stage.values().length + PassPipeline.PASSES.size());
    }

    /** A bar of so many steps if a person watches. */
    static Progress of(Terminal terminal, String task, int steps) {
        if (!terminal.interactive()) {
            return none();
        }
        return new Progress(Optional.of(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(terminal.err()))
                .clearDisplayOnFinish()
                .hideEta()
                .build()));
    }

    /** A step begins. */
    void step(String description) {
        bar.ifPresent(shown -> shown.step().setExtraMessage(description));
    }

    @Override
    public void begins(Stage stage) {
        step(stage.description());
    }

    @Override
    public void passed(Pass pass, Graph graph) {
        step(pass.name());
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
