package dev.sardonyx.codegen.program;

import dev.sardonyx.runtime.ElementType;

/** An input or output of the network: its name in the ONNX file and the buffer behind it. */
public record Port(String name, ElementType elementType, Buffer buffer) {}
