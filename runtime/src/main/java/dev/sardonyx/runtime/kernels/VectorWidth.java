package dev.sardonyx.runtime.kernels;

import dev.sardonyx.runtime.UnsupportedMachineException;
import java.util.Locale;

/**
 * Which of a jar's kernels this JVM can run fast. The gates stand here and nowhere else: the Vector API module must be there,
 * and the JIT must be C2, since vectors that it does not compile are boxed objects, a thousand times too slow.
 *
 * <p>The system property {@code sardonyx.simd} decides otherwise: {@code off} takes plain Java, {@code require} makes it an
 * error that vectors are missing, {@code 128}, {@code 256} or {@code 512} force a width.
 *
 * @param bits bits of the vectors that the kernels are laid out for
 * @param choice which tiles run
 * @param reason why there are no vectors; empty where there are
 */
record VectorWidth(int bits, Network.TileChoice choice, String reason) {

    private static final int PLAIN_BITS = 256;

    private static final String MISSING =
            "the Vector API is missing; start java with --add-modules jdk.incubator.vector";

    static VectorWidth detect() {
        String wish = System.getProperty("sardonyx.simd", "auto").toLowerCase(Locale.ROOT);
        return switch (wish) {
            case "off" -> plain("it is switched off by -Dsardonyx.simd=off");
            case "128", "256", "512" -> forced(Integer.parseInt(wish));
            case "auto", "require" -> {
                String obstacle = obstacle();
                if (obstacle.isEmpty()) {
                    yield preferred();
                }
                if (wish.equals("require")) {
                    throw new UnsupportedMachineException("-Dsardonyx.simd=require: " + obstacle);
                }
                yield plain(obstacle);
            }
            default ->
                throw new IllegalArgumentException(
                        "-Dsardonyx.simd must be auto, off, require, 128, 256 or 512, not '" + wish + "'");
        };
    }

    private static VectorWidth plain(String reason) {
        return new VectorWidth(PLAIN_BITS, Network.TileChoice.PLAIN, reason);
    }

    private static VectorWidth forced(int bits) {
        if (!VectorApi.load()) {
            throw new UnsupportedMachineException("-Dsardonyx.simd=" + bits + ": " + MISSING);
        }
        return new VectorWidth(bits, Network.TileChoice.VECTOR, "");
    }

    private static VectorWidth preferred() {
        int bits = Species.preferredBits();
        return bits < 128
                ? plain("this machine has no vectors of at least 128 bits")
                : new VectorWidth(Math.min(bits, widest()), Network.TileChoice.VECTOR, "");
    }

    /** Of the generated tiles only those for 128 bits can do without fused multiply-adds. */
    private static int widest() {
        return FusedMultiplyAdd.FAST ? 512 : 128;
    }

    private static String obstacle() {
        if (!VectorApi.load()) {
            return MISSING;
        }
        String jit = System.getProperty("java.vm.info", "");
        String name = System.getProperty("java.vm.name", "");
        if (!name.contains("Server VM") || jit.contains("interpreted") || jit.contains("emulated-client")) {
            return "this JVM (" + name + ", " + jit + ") does not compile vectors with C2";
        }
        return "";
    }

    /** Touches the incubator module, hence loaded only where it is there. */
    private static final class Species {
        static int preferredBits() {
            return jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize();
        }
    }
}
