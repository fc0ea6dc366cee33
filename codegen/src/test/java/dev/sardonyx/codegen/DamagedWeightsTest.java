package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Weights lie in the jar as they are: the JDK does not check what it does not inflate. */
class DamagedWeightsTest {

    private static final float WEIGHT = 1234.5f;

    @Test
    void a_flipped_bit_is_noticed_when_loading() throws Exception {
        Constant weights = new Constant(List.of(1, 1, 1, 1), new float[] {WEIGHT});
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(1, 1, 1, 1);
        Kernel kernel = new Kernel.Convolution(Window.of(1, 1), 1, weights, Optional.empty(), false, Activation.NONE);
        try (LoadedProgram loaded = new LoadedProgram(sketch.build(sketch.call(kernel, x.shape(), x)))) {
            flipBit(loaded.jar());

            assertThatThrownBy(() -> loaded.load("auto")).hasRootCauseMessage("the weights in the jar are damaged");
        }
    }

    private static void flipBit(Path jar) throws IOException {
        byte[] value = ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(WEIGHT)
                .array();
        String bytes = new String(Files.readAllBytes(jar), StandardCharsets.ISO_8859_1);
        int at = bytes.indexOf(new String(value, StandardCharsets.ISO_8859_1));
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "rw")) {
            file.seek(at);
            file.write(value[0] ^ 1);
        }
    }
}
