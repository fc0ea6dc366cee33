package dev.sardonyx.tests.campaign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A method's x86 machine code. Nobody disassembles it: what is looked for is told by its encoding (Intel's Software Developer's
 * Manual, volume 2, chapter 2: VEX and EVEX prefixes), wherever in the code it stands. That the same bytes turn up by chance, inside
 * other instructions of a loop, is too unlikely to matter.
 */
record MachineCode(byte[] bytes) {

    private static final Pattern PRINTED = Pattern.compile(
            "(?ms)^Compiled method \\(c2\\) [^%\\n]* (\\S+) \\(\\d+ bytes\\)$.*?^\\[MachCode]$(.*?)^\\[/MachCode]$");
    private static final Pattern LINE = Pattern.compile("(?m)^ +0x\\p{XDigit}+:([ |\\p{XDigit}]+)$");

    /** The tables of opcodes, by their numbers in the prefixes. */
    private static final int MAP_0F = 1;

    private static final int MAP_0F38 = 2;

    private static final int VFMADD231PS = 0xB8;

    /**
     * What C2 made of each method, the last where it compiled one again. What it compiled to be entered amid a loop is left out.
     *
     * @param output what a JVM with {@code -XX:CompileCommand=print} wrote; one that has found a disassembler prints no machine code
     */
    static Map<String, MachineCode> ofC2(String output) {
        Map<String, MachineCode> methods = new LinkedHashMap<>();
        PRINTED.matcher(output).results().forEach(found -> methods.put(found.group(1), parse(found.group(2))));
        return methods;
    }

    private static MachineCode parse(String lines) {
        return of(LINE.matcher(lines).results().map(line -> line.group(1)).collect(Collectors.joining()));
    }

    /** The machine code that is written in hexadecimal, with spaces and bars anywhere between the bytes. */
    static MachineCode of(String hex) {
        return new MachineCode(HexFormat.of().parseHex(hex.replaceAll("[ |]", "")));
    }

    /**
     * What loops do to vectors of 256 bits or more.
     *
     * @param multiplications fused multiply-adds in them
     * @param onStack instructions in them that read or write the stack
     */
    record Loops(long multiplications, long onStack) {}

    /** What the loops do that multiply: the innermost around each fused multiply-add. */
    Loops loops() {
        List<Range> loops = backwardJumps();
        List<Vex> instructions = IntStream.range(0, bytes.length)
                .mapToObj(this::vex)
                .flatMap(Optional::stream)
                .filter(Vex::wide)
                .toList();
        List<Range> multiplying = instructions.stream()
                .filter(Vex::multiplies)
                .flatMap(
                        i -> loops.stream()
                                .filter(loop -> loop.holds(i.at()))
                                .min(Comparator.comparingInt(Range::length))
                                .stream())
                .distinct()
                .toList();
        List<Vex> inside = instructions.stream()
                .filter(i -> multiplying.stream().anyMatch(loop -> loop.holds(i.at())))
                .toList();
        return new Loops(
                inside.stream().filter(Vex::multiplies).count(),
                inside.stream().filter(Vex::onStack).count());
    }

    private record Range(int begin, int end) {
        int length() {
            return end - begin;
        }

        boolean holds(int at) {
            return begin <= at && at < end;
        }
    }

    /**
     * From where conditional jumps go back to, to the jump. Only those with an offset of 32 bits: the loops of large tiles are longer
     * than 128 bytes, and shorter jumps would be seen inside other instructions.
     */
    private List<Range> backwardJumps() {
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i + 6 <= bytes.length; i++) {
            if (unsigned(i) == 0x0F && (unsigned(i + 1) & 0xF0) == 0x80) {
                int end = i + 6;
                int offset = unsigned(i + 2) | unsigned(i + 3) << 8 | unsigned(i + 4) << 16 | unsigned(i + 5) << 24;
                if (offset < 0 && end + offset >= 0) {
                    ranges.add(new Range(end + offset, end));
                }
            }
        }
        return ranges;
    }

    /**
     * An instruction with a VEX or EVEX prefix.
     *
     * @param at where it begins
     * @param map which table of opcodes
     * @param wide whether its vectors have 256 bits or more
     * @param onStack whether its operand is {@code [rsp]}, {@code [rsp+8 bits]} or {@code [rsp+32 bits]}
     */
    private record Vex(int at, int map, int opcode, boolean wide, boolean onStack) {
        boolean multiplies() {
            return map == MAP_0F38 && opcode == VFMADD231PS;
        }
    }

    /** The instruction that begins at {@code at}, if one does that has a VEX or EVEX prefix. */
    private Optional<Vex> vex(int at) {
        int first = unsigned(at + 1);
        return switch (unsigned(at)) {
            case 0xC5 -> Optional.of(vex(at, 2, MAP_0F, (first & 0x04) != 0, true));
            case 0xC4 -> Optional.of(vex(at, 3, first & 0x1F, (unsigned(at + 2) & 0x04) != 0, plainRegisters(first)));
            case 0x62 -> Optional.of(vex(at, 4, first & 0x07, (unsigned(at + 3) & 0x60) != 0, plainRegisters(first)));
            default -> Optional.empty();
        };
    }

    private Vex vex(int at, int prefix, int map, boolean wide, boolean plainRegisters) {
        int modRm = unsigned(at + prefix + 1);
        boolean memoryWithSib = modRm >> 6 != 3 && (modRm & 7) == 4;
        boolean rsp = plainRegisters && unsigned(at + prefix + 2) == 0x24;
        return new Vex(at, map, unsigned(at + prefix), wide, memoryWithSib && rsp);
    }

    /** Whether the registers of an address are among the first eight, by the prefix's inverted bits X and B: else 0x24 means r12. */
    private static boolean plainRegisters(int prefix) {
        return (prefix & 0x60) == 0x60;
    }

    /** The byte at {@code at}; after the end there are zeros. */
    private int unsigned(int at) {
        return at < bytes.length ? Byte.toUnsignedInt(bytes[at]) : 0;
    }
}
