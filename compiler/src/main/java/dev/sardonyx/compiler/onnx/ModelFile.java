package dev.sardonyx.compiler.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.sardonyx.compiler.InvalidModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/**
 * An ONNX file, read and parsed.
 *
 * @param place the file, for messages
 * @param model what it says
 * @param bytes the file as it is, which {@code model} refers to
 */
record ModelFile(Place place, ModelProto model, ByteString bytes) {

    /** Longest file that protobuf can hold. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

    /** How protobuf's message begins where the input ends too early. */
    private static final String TRUNCATED = "While parsing a protocol message, the input ended unexpectedly";

    /** By their first bytes, what is taken for an ONNX model. */
    private static final Map<String, String> OTHER_FORMATS = Map.of(
            "PK\3\4", "a ZIP archive, as a jar or a PyTorch checkpoint is",
            "\u0089HDF", "HDF5, as Keras writes it: convert it with tf2onnx",
            "version https://git-lfs", "a Git LFS pointer: git lfs pull fetches the file that it stands for",
            "<", "a web page or XML",
            "{", "JSON");

    /** @throws InvalidModelException if the file cannot be read or is no ONNX model */
    static ModelFile read(Path path, MemoryBudget budget) {
        Place place = Place.in(path);
        byte[] bytes = readBytes(path, place, budget);
        try {
            ByteString file = UnsafeByteOperations.unsafeWrap(bytes);
            budget.reserve(WireSize.heapBytes(file.newCodedInput(), ModelProto.getDescriptor()));
            CodedInputStream input = file.newCodedInput();
            // Weights stay where they are: no second copy of the file.
            input.enableAliasing(true);
            ModelProto model = ModelProto.parseFrom(input);
            return new ModelFile(place, model, file);
        } catch (InvalidProtocolBufferException malformed) {
            throw place.broken(explain(malformed, bytes), malformed);
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        } catch (IllegalArgumentException tooLarge) {
            throw place.broken(tooLarge);
        }
    }

    private static String explain(InvalidProtocolBufferException malformed, byte[] bytes) {
        for (Map.Entry<String, String> other : OTHER_FORMATS.entrySet()) {
            if (startsWith(bytes, other.getKey().getBytes(StandardCharsets.ISO_8859_1))) {
                return "not an ONNX model, but " + other.getValue();
            }
        }
        return String.valueOf(malformed.getMessage()).startsWith(TRUNCATED)
                ? "not an ONNX model, or one that is cut off: a field goes on after the file's end"
                : "not an ONNX model, or a damaged one: " + malformed.getMessage();
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static byte[] readBytes(Path path, Place place, MemoryBudget budget) {
        if (Files.isDirectory(path)) {
            throw place.broken("is a directory, not an ONNX file");
        }
        if (!Files.exists(path)) {
            throw place.broken("no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw place.broken("not a regular file");
        }
        try (InputStream input = Files.newInputStream(path)) {
            long size = Files.size(path);
            if (size == 0) {
                throw place.broken("is empty");
            }
            if (size > MAX_BYTES) {
                throw place.broken(
                        "larger than 2 GB, which no protobuf file can be; weights beyond that go into external data");
            }
            budget.reserve(size);
            byte[] bytes = input.readNBytes((int) size);
            if (bytes.length < size) {
                throw place.broken("shrank while it was read");
            }
            return bytes;
        } catch (IllegalArgumentException tooLarge) {
            throw place.broken(tooLarge);
        } catch (AccessDeniedException denied) {
            throw place.broken("no permission to read it", denied);
        } catch (IOException unreadable) {
            throw place.broken("cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /** SHA-256 of the file, in lower-case hexadecimal. */
    String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.asReadOnlyByteBuffer());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
