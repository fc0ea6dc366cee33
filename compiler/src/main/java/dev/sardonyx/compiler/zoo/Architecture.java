package dev.sardonyx.compiler.zoo;

import dev.sardonyx.compiler.onnx.OnnxWriter;

/** A family of networks that {@link ModelZoo} can make. */
sealed interface Architecture permits ResNet, Vgg {

    /** Height and width of the input that the network was published with. */
    int inputSize();

    /** Number of classes that the network was published with. */
    int classes();

    /** One line for the user. */
    String description();

    /** The model, its weights drawn. */
    OnnxWriter build(String name, GenerateOptions options);
}
