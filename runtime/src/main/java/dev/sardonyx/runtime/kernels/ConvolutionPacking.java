package dev.sardonyx.runtime.kernels;

/**
 * Lays out the weights of a convolution for its tiles: panel by panel, in each tap by tap and input channel by input channel,
 * one weight for each of the panel's output channels. What a panel has beyond the last channel is zero. Groups narrower than a
 * vector are merged: the packed group convolves all their channels, with zeros where an output channel does not see an input
 * channel.
 *
 * @param groups packed groups, convolved separately
 * @param merged groups of the model that make one packed group
 * @param outChannels output channels of one packed group
 * @param inChannels input channels of one packed group
 * @param kernelH kernel rows
 * @param kernelW kernel columns
 * @param vector floats in a vector; panels are a multiple of it
 * @param vectors vectors in a full panel; the last panel of a group may be narrower
 */
public record ConvolutionPacking(
        int groups, int merged, int outChannels, int inChannels, int kernelH, int kernelW, int vector, int vectors) {

    /** Products that each output value sums. */
    public int depth() {
        return kernelH * kernelW * inChannels;
    }

    /** Vectors that the output channels of a group fill. */
    public int groupVectors() {
        return (outChannels + vector - 1) / vector;
    }

    /** Panels of a group. */
    public int panels() {
        return (groupVectors() + vectors - 1) / vectors;
    }

    /** Channels of a full panel. */
    public int panelWidth() {
        return vectors * vector;
    }

    /** Channels of panel {@code panel} of a group, those beyond the last output channel included. */
    public int panelChannels(int panel) {
        return Math.min(vectors, groupVectors() - panel * vectors) * vector;
    }

    /** Where panel {@code panel} of group {@code group} begins in the packed array. */
    public int panelOffset(int group, int panel) {
        return (group * groupVectors() + panel * vectors) * vector * depth();
    }

    /** Floats in the packed array. */
    public int size() {
        return Math.multiplyExact(groups * groupVectors() * vector, depth());
    }

    /**
     * Packs to {@code packed}, from {@code from} on, where {@link #size()} floats are zero.
     *
     * @param weights [groups · outChannels, inChannels / merged, kernelH, kernelW]
     */
    void pack(float[] weights, float[] packed, int from) {
        for (int group = 0; group < groups; group++) {
            for (int panel = 0; panel < panels(); panel++) {
                packPanel(weights, group, panel, packed, from + panelOffset(group, panel));
            }
        }
    }

    private void packPanel(float[] weights, int group, int panel, float[] packed, int start) {
        int width = panelChannels(panel);
        int first = group * outChannels + panel * vectors * vector;
        int count = Math.min(width, (group + 1) * outChannels - first);
        int seen = inChannels / merged;
        for (int c = 0; c < count; c++) {
            int source = (first + c) * seen * kernelH * kernelW;
            int firstSeen = (first + c) % outChannels / (outChannels / merged) * seen;
            for (int channel = 0; channel < seen; channel++) {
                for (int h = 0; h < kernelH; h++) {
                    for (int w = 0; w < kernelW; w++) {
                        int k = (h * kernelW + w) * inChannels + firstSeen + channel;
                        packed[start + k * width + c] = weights[source++];
                    }
                }
            }
        }
    }
}
