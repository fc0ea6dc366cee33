package dev.sardonyx.runtime.opencl;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The OpenCL C sources that come with the runtime. */
final class Sources {

    /** How tensors are stored; every program begins with it. */
    static final String STORAGE = read("storage.cl");

    /** The kernels of convolutions. */
    static final String CONVOLUTION = read("convolution.cl") + read("mma.cl") + read("tensor.cl") + read("winograd.cl");

    private Sources() {}

    private static String read(String resource) {
        return read(Sources.class, resource);
    }

    /** The text of a resource beside {@code anchor}. */
    static String read(Class<?> anchor, String resource) {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("the jar lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
