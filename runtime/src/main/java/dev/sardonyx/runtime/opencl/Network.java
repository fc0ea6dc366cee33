package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.kernels.WeightReader;
import java.util.function.Consumer;

/** A network for OpenCL devices: generated code, created once a model. */
public interface Network {

    /** Number of inputs, which are the first slots. */
    int inputs();

    /** Number of outputs, which are the slots after the inputs. */
    int outputs();

    /** Images that it takes at once, for advice where memory is short. */
    int batch();

    /** How the slots that are no inputs or outputs are stored, and the weights. */
    Precision precision();

    /** Elements in each slot of a session: inputs and outputs, which are float32, then what lies between kernels. */
    int[] slotSizes();

    /** Hands over the steps in order, reading their weights; none of them need be kept. */
    void forEachStep(WeightReader weights, Consumer<Step> consumer);
}
