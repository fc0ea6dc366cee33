package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.kernels.MatrixTiles;
import dev.sardonyx.runtime.kernels.Network;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The warm-up lives on calls of tiles that cost nothing. */
class EmptyTileTest {

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void a_product_of_depth_0_touches_nothing(int bits) throws Exception {
        Constant weights = new Constant(List.of(16, 3, 1, 1), new float[16 * 3]);
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(1, 3, 4, 4);
        Kernel kernel = new Kernel.Convolution(Window.of(1, 1), 1, weights, Optional.empty(), false, Activation.NONE);
        try (LoadedProgram loaded = new LoadedProgram(sketch.build(sketch.call(kernel, List.of(1, 16, 4, 4), x)))) {
            Network network = loaded.network(bits);
            MatrixTiles tiles = network.kernels(Network.TileChoice.VECTOR).tiles();
            for (int i = 0; i < network.tiles().length; i++) {
                int tile = i;
                assertThatCode(() -> tiles.multiply(tile, new float[0], 0, new float[0], 0, 0, new float[0], 0, 0, 0))
                        .doesNotThrowAnyException();
            }
        }
    }
}
