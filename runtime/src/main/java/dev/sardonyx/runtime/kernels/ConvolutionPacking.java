package dev.sardonyx.runtime.kernels;

/**
 * Lays out the weights of a convolution for its tiles: panel by panel, in each tap by tap and input channel by input channel,
 * one weight for each of the panel's output channels. What a panel has beyond the last channel or product is zero. Groups narrower than a
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
        return (group * groupVectors() + panel * vectors) * vector * Strips.filled(depth());
    }

    /** Floats in the packed array. */
    public int size() {
        return Math.multiplyExact(groups * groupVectors() * vector, Strips.filled(depth()));
    }

    /** Reads the weights of all groups and packs them to {@code packed}, from {@code from} on, where {@link #size()} floats are zero. */
    void pack(WeightReader weights, float[] packed, int from) {
        float[] row = new float[groups * outChannels];
        int taps = kernelH * kernelW;
        for (int channel = 0; channel < inChannels / merged; channel++) {
            for (int tap = 0; tap < taps; tap++) {
                weights.next(row);
                for (int group = 0; group < groups; group++) {
                    if (merged == 1) {
                        packRow(row, group * outChannels, group, tap * inChannels + channel, packed, from);
                    } else {
                        packMerged(row, group, tap, channel, packed, from);
                    }
                }
            }
        }
    }

    /** Packs row {@code k} of a group: a weight for each output channel, from {@code first} on. */
    void packRow(float[] row, int first, int group, int k, float[] packed, int from) {
        for (int panel = 0; panel < panels(); panel++) {
            int width = panelChannels(panel);
            int done = panel * panelWidth();
            int count = Math.min(width, outChannels - done);
            System.arraycopy(row, first + done, packed, from + panelOffset(group, panel) + k * width, count);
        }
    }

    /** Packs what the output channels of a group see at one tap in the input channel {@code channel} of their own group. */
    private void packMerged(float[] row, int group, int tap, int channel, float[] packed, int from) {
        int seen = inChannels / merged;
        int seeing = outChannels / merged;
        for (int c = 0; c < outChannels; c++) {
            int panel = c / panelWidth();
            int k = tap * inChannels + c / seeing * seen + channel;
            int at = panelOffset(group, panel) + k * panelChannels(panel) + c - panel * panelWidth();
            packed[from + at] = row[group * outChannels + c];
        }
    }
}
