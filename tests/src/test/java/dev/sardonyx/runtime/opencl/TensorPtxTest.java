package dev.sardonyx.runtime.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.runtime.opencl.ConvolutionShape.Activation;
import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the kernel for tensor cores to PTX, by Clang, and that for a GPU, by NVIDIA's assembler, as the driver would: its
 * instructions exist, its values stay in registers, and it takes the local memory that {@link WarpTile} says. Nothing is run.
 */
final class TensorPtxTest {

    /** What NVIDIA's compiler defines, and what OpenCL's functions are on a GPU. */
    private static final String PREAMBLE = """
        #define __NV_CL_C_VERSION 120
        #define asm __asm__
        #define get_local_id(d) ((size_t)__nvvm_read_ptx_sreg_tid_x())
        #define get_global_id(d) get_local_id(d)
        #define get_group_id(d) ((size_t)((d) == 0 ? __nvvm_read_ptx_sreg_ctaid_x() \\
            : (d) == 1 ? __nvvm_read_ptx_sreg_ctaid_y() : __nvvm_read_ptx_sreg_ctaid_z()))
        #define barrier(fence) __nvvm_bar_sync(0)
        #define vstore4(v, i, p) ((p)[4 * (i)] = (v).x, (p)[4 * (i) + 1] = (v).y, (p)[4 * (i) + 2] = (v).z, (p)[4 * (i) + 3] = (v).w)
        #define vload4(i, p) (uint4)((p)[4 * (i)], (p)[4 * (i) + 1], (p)[4 * (i) + 2], (p)[4 * (i) + 3])
        """;

    private static final Device GPU = new Device(
            0, "GPU", "NVIDIA CUDA", "OpenCL 3.0 CUDA", "1", Device.Kind.GPU, 132, 1L << 36, 1L << 34, 48 << 10, 1024);

    @TempDir
    private Path folder;

    @Test
    void the_kernel_is_assembled_for_gpus_in_every_tile() throws IOException, InterruptedException {
        Path clang = find("clang(-\\d+)?");
        Path ptxas = find("ptxas");
        ConvolutionShape shape = new ConvolutionShape(
                8,
                28,
                28,
                128,
                28,
                28,
                128,
                3,
                3,
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                true,
                true,
                Activation.of(Activation.Kind.RELU),
                0);
        List<Tiling> tiles = new KernelChoice(GPU, Precision.TF32X3)
                .alternatives(shape, Integer.MAX_VALUE).stream()
                        .map(algorithm -> ((Algorithm.Product) algorithm).tile())
                        .distinct()
                        .toList();
        assertThat(tiles).hasSizeGreaterThan(5);
        for (Tiling tile : tiles) {
            assemble(clang, ptxas, shape, Precision.TF32X3, tile);
        }
        assemble(clang, ptxas, shape, Precision.TF32, tiles.getFirst());
        assemble(clang, ptxas, shape, Precision.FP16, tiles.getFirst());
    }

    private void assemble(Path clang, Path ptxas, ConvolutionShape shape, Precision precision, Tiling tile)
            throws IOException, InterruptedException {
        Path source = folder.resolve("tensor.cl");
        Path ptx = folder.resolve("tensor.ptx");
        Files.writeString(source, PREAMBLE + Sources.STORAGE + Sources.CONVOLUTION);
        List<String> command = new ArrayList<>(List.of(clang.toString(), "-x", "cl", "-cl-std=CL1.2", "-O3", "-S"));
        command.addAll(List.of("-Xclang", "-finclude-default-header", "-target", "nvptx64-nvidia-cuda"));
        command.addAll(List.of("-Xclang", "-target-cpu", "-Xclang", "sm_80", "-Xclang", "-target-feature"));
        command.addAll(List.of("-Xclang", "+ptx70", "-DUNROLL", "-DSPLIT=1", "-o", ptx.toString(), source.toString()));
        Stream.of(precision.options(), shape.options(), tile.options())
                .flatMap(options -> Arrays.stream(options.split(" ")))
                .forEach(command::add);
        run(command);
        assertThat(Files.readString(ptx)).contains("mma.sync.aligned.m16n8k" + 8 * precision.wordElements());
        for (String gpu : List.of("sm_80", "sm_90")) {
            String report =
                    run(List.of(ptxas.toString(), "-arch=" + gpu, "-v", "-c", ptx.toString(), "-o", "/dev/null"));
            String kernel = report.substring(report.indexOf("Compiling entry function '" + tile.kernel() + "'"));
            assertThat(kernel.lines().limit(4).toList().toString())
                    .as("%s, %s, %s", precision, tile, gpu)
                    .contains("0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads")
                    .contains(" " + tile.localMemory() + " bytes smem");
        }
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("log.txt");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String text = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(code).as(command + "\n" + text).isZero();
        return text;
    }

    /** A program on the path; where there is none, the test is skipped, loudly. */
    private static Path find(String name) {
        Optional<Path> found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::isDirectory)
                .flatMap(TensorPtxTest::files)
                .filter(file -> file.getFileName().toString().matches(name) && Files.isExecutable(file))
                .findFirst();
        if (found.isEmpty()) {
            System.err.println("NOT RUN, for there is no " + name + " on the path: TensorPtxTest");
            Assumptions.abort("no " + name + " on the path");
        }
        return found.get();
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
