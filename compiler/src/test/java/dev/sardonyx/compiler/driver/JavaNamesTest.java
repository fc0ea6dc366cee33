package dev.sardonyx.compiler.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaNamesTest {

    @ParameterizedTest
    @CsvSource({
        "resnet50.onnx, Resnet50, models.resnet50",
        "resnet20-cifar10.onnx, Resnet20Cifar10, models.resnet20cifar10",
        "a/b.c/net.v1.onnx, NetV1, models.netv1",
        ".onnx, Onnx, models.onnx",
        "50.onnx, Model50, models.model50",
        "*/.onnx, Onnx, models.onnx",
        "модель.onnx, Model, models.model",
        "class.onnx, Class, models.class_",
        "session.onnx, SessionModel, models.sessionmodel",
        "results, ResultsModel, models.resultsmodel"
    })
    void every_file_name_gives_legal_names(String file, String className, String packageName) {
        assertThat(JavaNames.classFor(Path.of(file))).isEqualTo(className);
        assertThat(JavaNames.packageFor(className)).isEqualTo(packageName);
        assertThatCode(() -> JavaNames.checkClass(className)).doesNotThrowAnyException();
        assertThatCode(() -> JavaNames.checkPackage(packageName)).doesNotThrowAnyException();
    }

    @Test
    void a_long_file_name_gives_a_class_name_of_bearable_length() {
        String name = JavaNames.classFor(Path.of("x".repeat(240) + ".onnx"));

        assertThatCode(() -> JavaNames.checkClass(name)).doesNotThrowAnyException();
    }
}
