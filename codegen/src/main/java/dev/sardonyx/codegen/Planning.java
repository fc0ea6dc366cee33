package dev.sardonyx.codegen;

/** What a target plans across kernels; each can be switched off, which costs time and memory and changes no result. */
public enum Planning {
    /** Off: every convolution and pooling takes and leaves its images row-major, as the model has them. */
    LAYOUTS("plan-layouts", "Leaves images in the kernels' own layout from one kernel to the next."),
    /** Off: every tensor has memory of its own. */
    MEMORY("plan-memory", "Lets tensors that are not alive at once share memory, and adds residuals in place.");

    private final String id;
    private final String description;

    Planning(String id, String description) {
        this.id = id;
        this.description = description;
    }

    /** What users call it: lower case, words joined by hyphens. */
    public String id() {
        return id;
    }

    /** What it does, in one sentence. */
    public String description() {
        return description;
    }
}
