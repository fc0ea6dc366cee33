package dev.sardonyx.compiler.pretrained;

/** Is told how far the fetching of a network has come. */
public interface FetchObserver {

    /** What fetching does, in order. */
    enum Stage {
        DOWNLOAD("downloading"),
        UNPACK("unpacking"),
        CONVERT("converting"),
        STORE("storing");

        private final String description;

        Stage(String description) {
            this.description = description;
        }

        /** What is going on, for people. */
        public String description() {
            return description;
        }
    }

    /** A stage begins. */
    void begins(Stage stage);

    /** Something that the user should know, in one line. */
    void says(String line);
}
