package com.acme;

import com.acme.plain.Plain20;
import com.acme.resnet.ResNet20;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Lets two compiled networks vote on images, in one JVM, for any number of threads. */
public final class EnsembleService implements AutoCloseable {

    /** A session of each network: buffers for one thread at a time. */
    private record Worker(ResNet20.Session resNet, Plain20.Session plain) {}

    private final ResNet20 resNet = ResNet20.load(); // the weights, shared by all sessions
    private final Plain20 plain = Plain20.load();
    private final BlockingQueue<Worker> idle;

    /** A service that works on at most {@code workers} images at a time; further callers wait. */
    public EnsembleService(int workers) {
        idle = new ArrayBlockingQueue<>(workers);
        while (idle.remainingCapacity() > 0) {
            idle.add(new Worker(resNet.newSession(), plain.newSession()));
        }
    }

    /** The class from 0 to 9 of an image [1, 3, 32, 32]. */
    public int classify(float[] pixels) throws InterruptedException {
        Worker worker = idle.take();
        try {
            float[] a = worker.resNet().run(pixels); // the sessions' own arrays: used before the worker goes back
            float[] b = worker.plain().run(pixels);
            return IntStream.range(0, a.length).reduce(0, (x, y) -> a[y] + b[y] > a[x] + b[x] ? y : x);
        } finally {
            idle.add(worker);
        }
    }

    @Override
    public void close() {
        idle.forEach(worker -> {
            worker.resNet().close();
            worker.plain().close();
        });
        resNet.close();
        plain.close();
    }

    /** Classifies images of noise in eight threads at once. */
    public static void main(String[] args) throws ExecutionException, InterruptedException {
        try (var service = new EnsembleService(2);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = IntStream.range(0, 8)
                    .mapToObj(seed -> threads.submit(() -> service.classify(noise(seed))))
                    .toList();
            for (Future<Integer> answer : answers) {
                System.out.println("class " + answer.get());
            }
        }
    }

    private static float[] noise(int seed) {
        float[] pixels = new float[3 * 32 * 32];
        Random random = new Random(seed);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return pixels;
    }
}
