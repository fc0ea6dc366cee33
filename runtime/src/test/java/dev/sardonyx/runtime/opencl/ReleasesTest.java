package dev.sardonyx.runtime.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReleasesTest {

    private final List<String> released = new ArrayList<>();
    private final List<Runnable> releases = new ArrayList<>();

    @BeforeEach
    void fill() {
        for (String name : List.of("queue", "memory that is refused", "kernel", "event that is refused", "context")) {
            releases.add(() -> {
                released.add(name);
                if (name.endsWith("refused")) {
                    throw new IllegalStateException(name);
                }
            });
        }
    }

    @Test
    void all_is_released_the_last_first_though_some_fails() {
        assertThatThrownBy(() -> Releases.all(releases))
                .hasMessage("event that is refused")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(released)
                .containsExactly("context", "event that is refused", "kernel", "memory that is refused", "queue");
        Releases.all(releases); // once
        assertThat(released).hasSize(5);
    }

    @Test
    void after_a_failure_that_one_is_told() {
        IllegalStateException failure = new IllegalStateException("no memory");
        Releases.afterFailure(releases, failure);
        assertThat(released).hasSize(5);
        assertThat(failure.getSuppressed()).hasSize(1);
    }
}
