package dev.sardonyx.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageOptionsTest {

    @Test
    void readsNumbers() {
        assertThat(ImageOptions.numbers("--mean", "0.5, -1,2e1")).containsExactly(0.5f, -1f, 20f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "1,,2", "1,2,", "NaN", "Infinity", "1;2"})
    void refusesOtherText(String text) {
        assertThatThrownBy(() -> ImageOptions.numbers("--std", text))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--std: '");
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyPresetHasAName(Preset preset) {
        assertThat(Preset.parse(preset.toString())).isEqualTo(preset);
        assertThat(HelpText.of("run")).contains("\n                     " + preset + " ");
    }

    @Test
    void refusesUnknownPresets() {
        assertThatThrownBy(() -> Preset.parse("IMAGENET"))
                .hasMessage("--preset IMAGENET: there is no such preset; there are imagenet, cifar10, keras-caffe,"
                        + " keras-tf, unit, none");
    }
}
