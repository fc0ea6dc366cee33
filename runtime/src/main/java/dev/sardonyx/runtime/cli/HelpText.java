package dev.sardonyx.runtime.cli;

/** What {@code --help} prints. */
final class HelpText {

    private static final String PROGRAM = """
        A neural network, compiled by Sardonyx. It needs nothing but Java 25.

        Usage:
          java -jar M.jar run --image P.png [--labels L.txt] [--top N]     classify a picture
          java -jar M.jar run --input [NAME=]X.npy ... --output DIR        run on tensors from files
          java -jar M.jar verify DATA_DIR                                  compare with expected outputs
          java -jar M.jar bench [--threads N] [--json F]                   measure latency
          java -jar M.jar info                                             inputs, outputs, provenance
          java -jar M.jar COMMAND --help                                   all options of a command

        Everywhere:
          --help      show this
          --version   show the model's name and the compiler's version
          --debug     show stack traces

        Exit codes: 0 done; 1 ran, and the answer is "no"; 2 bad usage or bad input; 3 the machine lacks something.

        The Vector API makes it fast. `java -jar` adds it to the JVM by itself; where that fails, a second JVM is started
        that has it. These ask for it:
          java --add-modules jdk.incubator.vector -jar M.jar ...
          java -p M.jar -m MODULE ...
        Loading waits until the JVM has compiled the kernels of a large network, two seconds at most.
        -Dsardonyx.simd=off       plain Java, slow
        -Dsardonyx.simd=require   an error instead of slow plain Java
        """;

    private static final String RUN = """
        Runs the network once, on tensors from files or on a picture.

        Usage:
          java -jar M.jar run --input [NAME=]X.npy ... [--output DIR] [--threads N]
          java -jar M.jar run --image P.png [--labels L.txt] [--top N] [--output DIR] [--threads N]

          --input [NAME=]F   a .npy or .pb file (ONNX TensorProto) for the input NAME, or for the next input;
                             a file of several batches goes through in several runs
          --output DIR       write NAME.npy for each output; bytes of NAME outside A-Z a-z 0-9 - _ . = , @ ( ) [ ]
                             become %XX as in a URL; without --output the outputs are shown
          --threads N        threads that work on one inference (default 1)
          --target T         simd or opencl, where the model was compiled for both
          --device D         number or name of the OpenCL device that runs it
          --tune T           none (default), quick or full: try kernels out on the device first, and remember the fastest

          --image P          a PNG or JPEG picture, for a model with one input [1, C, H, W] or [1, H, W, C]
          --labels L         names of the classes, one a line
          --top N            how many classes to show (default 5)
          --preset NAME      pixel values; default cifar10 up to 64 pixels, else imagenet; unit for grey, none for integers
                             imagenet     RGB 0..1, minus mean 0.485,0.456,0.406, divided by std 0.229,0.224,0.225
                             cifar10      RGB 0..1, minus mean 0.4914,0.4822,0.4465, divided by std 0.2470,0.2435,0.2616
                             keras-caffe  BGR 0..255, minus mean 103.939,116.779,123.68
                             keras-tf     RGB -1..1
                             unit         RGB 0..1
                             none         RGB 0..255
          --mean A,B,C       other means, in the model's channel order, on the preset's scale (0..1 or 0..255)
          --std A,B,C        other standard deviations
          --bgr              blue first
          --resize N         scale the shorter side to N before the middle is cut out; default: nothing if the picture
                             has the model's size, else 256/224 of it (imagenet, keras-caffe) or just its size

        Examples:
          java -jar resnet50.jar run --image cat.jpg --labels imagenet.txt --top 3
          java -jar resnet50.jar run --input pixels.npy --output results
          java -jar twins.jar run --input left=a.npy --input right=b.npy --output results
        """;

    private static final String VERIFY = """
        Compares the network's outputs with expected ones. Exit code 1 if one of them is over the tolerance.

        Usage:
          java -jar M.jar verify DATA_DIR [--rtol R] [--atol A] [--threads N]

          DATA_DIR      holds test_data_set_*/input_K.pb and output_K.pb, as ONNX's own tests do
          --rtol R      allow |a-b| <= A + R*|b| for value a and reference b (default 0.001)
          --atol A      (default 0.0001 times the largest |b| of the output)
          --threads N   threads that work on one inference (default 1)
          --target T    simd or opencl, where the model was compiled for both
          --device D    number or name of the OpenCL device that runs it
          --tune T      none (default), quick or full: try kernels out on the device first, and remember the fastest

        "max rel error" leaves out values below a thousandth of the largest |b|; "of tolerance" is the largest |a-b|
        divided by what is allowed there.

        Example:
          java -jar resnet50.jar verify testdata --rtol 1e-2 --atol 1e-3
        """;

    private static final String BENCH = """
        Measures the latency of repeated runs on seeded random input.

        Usage:
          java -jar M.jar bench [--threads N] [--runs N] [--warmup SECONDS] [--json F] [--profile]
          java -jar M.jar bench --start SECONDS [--threads N]

          --threads N        threads that work on one inference (default 1)
          --runs N           how many runs to measure (default: for five seconds, but 5 to 1000)
          --warmup SECONDS   the longest warm-up (default 20); it ends once runs no longer get faster
          --json F           also write median_ms, p10_ms, p90_ms, runs and more to F
          --profile          also show the time of each kernel, its GFLOP/s and their share of the processor's FMA peak
          --start SECONDS    instead, tell how this JVM gets going: prints first_answer as soon as it is there, runs for so
                             long, then prints ms_to_steady, from then until runs take at most a tenth longer than in the
                             end, steady_ms, answers and, where there is /proc, peak_resident_kb. Whoever starts the
                             process measures its first line; sardonyx bench --cold does that for fresh processes
          --target T         simd or opencl, where the model was compiled for both
          --device D         number or name of the OpenCL device that runs it
          --tune T           none (default), quick or full: try kernels out on the device first, and remember the fastest

        Example:
          java -jar resnet50.jar bench --threads 2 --json latency.json
        """;

    private static final String INFO = """
        Shows inputs, outputs, parameters, MACs (multiply-accumulate operations of one inference), the engine, the compile
        options and the SHA-256 of the ONNX file.

        Usage:
          java -jar M.jar info
        """;

    private HelpText() {}

    /** The help for a command, or for the program where {@code topic} is empty. */
    static String of(String topic) {
        return switch (topic) {
            case "run" -> RUN;
            case "verify" -> VERIFY;
            case "bench" -> BENCH;
            case "info" -> INFO;
            default -> PROGRAM;
        };
    }
}
