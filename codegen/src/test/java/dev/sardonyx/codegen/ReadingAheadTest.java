package dev.sardonyx.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.codegen.program.Activation;
import dev.sardonyx.codegen.program.Buffer;
import dev.sardonyx.codegen.program.Constant;
import dev.sardonyx.codegen.program.Kernel;
import dev.sardonyx.codegen.program.Program;
import dev.sardonyx.codegen.program.Window;
import dev.sardonyx.runtime.kernels.MatrixTile;
import dev.sardonyx.runtime.kernels.MatrixTiles;
import dev.sardonyx.runtime.kernels.Network;
import dev.sardonyx.runtime.kernels.Strips;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A tile that reads ahead multiplies as the one that does not, whatever it reads. */
class ReadingAheadTest {

    private static final int BITS = 256;
    private static final int DEPTH = 64;

    /** What the generated code compares with, among values that it will usually find. */
    private static final float[] FOUND = {1, Float.intBitsToFloat(0xffedcba9), Float.NaN, 0};

    @Test
    void what_is_read_ahead_changes_no_sum() throws Exception {
        try (LoadedProgram loaded = new LoadedProgram(manyWeightsForFewPixels())) {
            Network network = loaded.network(BITS);
            List<MatrixTile> tiles = Arrays.asList(network.tiles());
            MatrixTile reading =
                    tiles.stream().filter(MatrixTile::readsAhead).findFirst().orElseThrow();
            MatrixTile other = new MatrixTile(reading.rows(), reading.channels(), reading.pitch(), false, false);
            MatrixTiles kernels = network.kernels(Network.TileChoice.VECTOR).tiles();

            float[] expected = multiply(kernels, tiles.indexOf(other), other, 1);
            for (float found : FOUND) {
                assertThat(multiply(kernels, tiles.indexOf(reading), reading, found))
                        .isEqualTo(expected);
            }
        }
    }

    private static float[] multiply(MatrixTiles tiles, int number, MatrixTile tile, float ahead) {
        Random random = new Random(1);
        float[] strips = new float[tile.rows() * Strips.PITCH];
        fill(strips, random);
        float[] panels = new float[2 * DEPTH * tile.channels()];
        fill(panels, random);
        Arrays.fill(panels, DEPTH * tile.channels(), panels.length, ahead);
        float[] out = new float[tile.rows() * tile.pitch()];
        tiles.multiply(number, strips, 0, panels, 0, DEPTH, out, 0, DEPTH * tile.channels(), 16);
        return out;
    }

    private static void fill(float[] floats, Random random) {
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) random.nextGaussian();
        }
    }

    private static Program manyWeightsForFewPixels() {
        Constant weights = new Constant(List.of(512, 512, 1, 1), new float[512 * 512]);
        ProgramSketch sketch = new ProgramSketch();
        Buffer x = sketch.input(1, 512, 7, 7);
        Kernel kernel = new Kernel.Convolution(Window.of(1, 1), 1, weights, Optional.empty(), false, Activation.NONE);
        return sketch.build(sketch.call(kernel, List.of(1, 512, 7, 7), x));
    }
}
