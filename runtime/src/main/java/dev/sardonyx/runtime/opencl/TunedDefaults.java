package dev.sardonyx.runtime.opencl;

import dev.sardonyx.runtime.opencl.KernelChoice.Algorithm;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What tuning found on devices that were at hand, for machines that have tuned nothing: lines as {@link TuningFile} writes them,
 * good for every driver of a device, for nobody measures with each. Other lines are comments.
 */
final class TunedDefaults {

    private final String prefix;
    private final Map<String, String> algorithms = new HashMap<>();

    /** The lines that ship with the runtime. */
    static TunedDefaults shipped(Device device, Precision precision) {
        return new TunedDefaults(Sources.read(TunedDefaults.class, "opencl-tuning.txt"), device, precision);
    }

    TunedDefaults(String text, Device device, Precision precision) {
        prefix = key(TuningFile.VERSION, device.name(), precision.id(), "");
        for (String line : text.lines().toList()) {
            String[] columns = line.split(TuningFile.SEPARATOR, -1);
            if (columns.length == 6) { // version, device, driver, precision, shape, algorithm
                algorithms.put(key(columns[0], columns[1], columns[3], columns[4]), columns[5]);
            }
        }
    }

    private static String key(String version, String device, String precision, String shape) {
        return String.join(TuningFile.SEPARATOR, version, device, precision, shape);
    }

    /** The algorithm found for a shape, which another device of the name may be too small for. */
    Optional<Algorithm> find(ConvolutionShape shape) {
        return Optional.ofNullable(algorithms.get(prefix + shape.key())).flatMap(AlgorithmText::parse);
    }
}
