package dev.sardonyx.compiler.onnx;

import dev.sardonyx.compiler.graph.Graph;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an ONNX file holds.
 *
 * @param graph the network
 * @param sha256 SHA-256 of the {@code .onnx} file (without external data), in lower-case hexadecimal
 * @param metadata what the file says of itself
 * @param files what it was read from: the {@code .onnx} file, and those beside it that hold weights
 */
public record ImportedModel(Graph graph, String sha256, Metadata metadata, Set<Path> files) {

    public ImportedModel {
        files = Set.copyOf(files);
    }

    /**
     * What the file says of itself.
     *
     * @param producer name and version of the program that wrote it; empty if not stated
     * @param opset version of ONNX's default operator set
     * @param irVersion version of the file format
     * @param operators how many nodes of each operator the file holds, in alphabetical order; those of other domains as {@code
     *     domain.Operator}
     * @param properties the file's metadata_props, in alphabetical order
     */
    public record Metadata(
            String producer,
            int opset,
            long irVersion,
            Map<String, Integer> operators,
            Map<String, String> properties) {

        public Metadata {
            operators = Collections.unmodifiableMap(new TreeMap<>(operators));
            properties = Collections.unmodifiableMap(new TreeMap<>(properties));
        }

        /** Number of nodes in the file. */
        public int nodes() {
            return operators.values().stream().mapToInt(Integer::intValue).sum();
        }
    }
}
