package dev.sardonyx.runtime.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the images of a batch through some steps one after another, so that what these leave to each other stays in the caches: between
 * them there is memory for one image only.
 */
public final class ImageByImage {

    private ImageByImage() {}

    /**
     * The steps to run, in order.
     *
     * @param steps all steps; those from number {@code first} to {@code end} (exclusive) compute one image
     * @param images how many images there are
     */
    public static Step[] order(Step[] steps, int first, int end, int images) {
        List<Step> order = new ArrayList<>(Arrays.asList(steps).subList(0, first));
        for (int image = 0; image < images; image++) {
            for (int i = first; i < end; i++) {
                order.add(((ImageStep) steps[i]).from(image));
            }
        }
        order.addAll(Arrays.asList(steps).subList(end, steps.length));
        return order.toArray(Step[]::new);
    }
}
