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

/** Shows how far a compilation has come, on a terminal only. */
final class Progress implements CompileObserver, AutoCloseable {

    private final Optional<ProgressBar> bar;

    private Progress(Optional<ProgressBar> bar) {
        this.bar = bar;
    }

    /** A bar on {@code terminal} if a person watches it. */
    static Progress on(Terminal terminal, String task) {
        if (!terminal.interactive()) {
            return new Progress(Optional.empty());
        }
        return new Progress(Optional.of(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(Stage.values().length + PassPipeline.PASSES.size())
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(terminal.err()))
                .clearDisplayOnFinish()
                .hideEta()
                .build()));
    }

    @Override
    public void begins(Stage stage) {
        bar.ifPresent(shown -> shown.step().setExtraMessage(stage.description()));
    }

    @Override
    public void passed(Pass pass, Graph graph) {
        bar.ifPresent(ProgressBar::step);
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
