package dev.sardonyx.runtime.kernels;

/**
 * Lays out the weights of a convolution for its tiles: panel by panel, each the panel's biases and then, tap by tap and
 * input channel by input channel, one weight for each of the panel's output channels. What a panel has beyond the last channel is
 * zero, and so is the room between two taps that are read in one go. Groups narrower than a vector are merged: the packed
 * group convolves all their channels, with zeros where an output channel does not see an input channel.
 *
 * @param groups packed groups, convolved separately
 * @param merged groups of the model that make one packed group
 * @param outChannels output channels of one packed group
 * @param inChannels input channels of one packed group
 * @param kernelH kernel rows
 * @param kernelW kernel columns
 * @param gather distance between columns that are read in one go as a single tap, 0 where each column is a tap of its own
 * @param vector floats in a vector; panels are a multiple of it
 * @param vectors vectors in a full panel; the last panel of a group may be narrower
 */
public record ConvolutionPacking(
        int groups,
        int merged,
        int outChannels,
        int inChannels,
        int kernelH,
        int kernelW,
        int gather,
        int vector,
        int vectors) {

    /** Input values that one tap sums. */
    public int depth() {
        return gather == 0 ? inChannels : (kernelW - 1) * gather + inChannels;
    }

    /** Taps of the kernel. */
    public int taps() {
        return gather == 0 ? kernelH * kernelW : kernelH;
    }

    /** Vectors that the output channels of a group fill. */
    public int groupVectors() {
        return (outChannels + vector - 1) / vector;
    }

    /** Panels of a group. */
    public int panels() {
        return (groupVectors() + vectors - 1) / vectors;
    }

    /** Channels of panel {@code panel} of a group, those beyond the last output channel included. */
    public int panelChannels(int panel) {
        return Math.min(vectors, groupVectors() - panel * vectors) * vector;
    }

    /** Where panel {@code panel} of group {@code group} begins in the packed array. */
    public int panelOffset(int group, int panel) {
        return (group * groupVectors() + panel * vectors) * vector * (1 + taps() * depth());
    }

    /** Floats in the packed array. */
    public int size() {
        return Math.multiplyExact(groups * groupVectors() * vector, 1 + taps() * depth());
    }

    /**
     * Packs.
     *
     * @param weights [groups · outChannels, inChannels / merged, kernelH, kernelW]
     * @param bias [groups · outChannels], or empty for none
     */
    public float[] pack(float[] weights, float[] bias) {
        float[] packed = new float[size()];
        for (int group = 0; group < groups; group++) {
            for (int panel = 0; panel < panels(); panel++) {
                packPanel(weights, bias, group, panel, packed);
            }
        }
        return packed;
    }

    private void packPanel(float[] weights, float[] bias, int group, int panel, float[] packed) {
        int width = panelChannels(panel);
        int first = group * outChannels + panel * vectors * vector;
        int count = Math.min(width, (group + 1) * outChannels - first);
        int start = panelOffset(group, panel);
        if (bias.length != 0) {
            System.arraycopy(bias, first, packed, start, count);
        }
        int columnStep = gather == 0 ? inChannels : gather;
        int rowStep = gather == 0 ? kernelW * inChannels : depth();
        int seen = inChannels / merged;
        for (int c = 0; c < count; c++) {
            int source = (first + c) * seen * kernelH * kernelW;
            int firstSeen = (first + c) % outChannels / (outChannels / merged) * seen;
            for (int channel = 0; channel < seen; channel++) {
                for (int h = 0; h < kernelH; h++) {
                    for (int w = 0; w < kernelW; w++) {
                        int k = h * rowStep + w * columnStep + firstSeen + channel;
                        packed[start + (1 + k) * width + c] = weights[source++];
                    }
                }
            }
        }
    }
}
