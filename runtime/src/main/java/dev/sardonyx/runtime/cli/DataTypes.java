package dev.sardonyx.runtime.cli;

import java.util.List;

/** ONNX's names of element types. */
public final class DataTypes {

    /** {@code TensorProto.DataType} of ONNX 1.20, by number. */
    private static final List<String> NAMES = List.of(
            "undefined",
            "float",
            "uint8",
            "int8",
            "uint16",
            "int16",
            "int32",
            "int64",
            "string",
            "bool",
            "float16",
            "double",
            "uint32",
            "uint64",
            "complex64",
            "complex128",
            "bfloat16",
            "float8e4m3fn",
            "float8e4m3fnuz",
            "float8e5m2",
            "float8e5m2fnuz",
            "uint4",
            "int4",
            "float4e2m1",
            "float8e8m0",
            "uint2",
            "int2");

    private DataTypes() {}

    /** The name, in lower case, of the type with a number, for messages; the number itself where ONNX gives it no name. */
    public static String name(int dataType) {
        return dataType >= 0 && dataType < NAMES.size()
                ? NAMES.get(dataType)
                : dataType + " (which ONNX does not define)";
    }
}
