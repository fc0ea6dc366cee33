package dev.sardonyx.tests.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sardonyx.tests.campaign.MachineCode.Loops;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link MachineCode} sees in single instructions, which GNU's assembler encoded, and where it looks for them. */
class MachineCodeTest {

    private static final String FMA = "c4e27db8f1"; // vfmadd231ps ymm6,ymm0,ymm1
    private static final String SPILL = "c57e7f5c2418"; // vmovdqu [rsp+0x18],ymm11
    private static final String ADD = "83c302"; // add ebx,2

    /** {@code code} and a jump back to its beginning: jl. */
    private static String loop(String code) {
        int offset = -(code.length() / 2 + 6);
        return code + "0f8c%08x".formatted(Integer.reverseBytes(offset));
    }

    private static Loops loops(String hex) {
        return MachineCode.of(hex).loops();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'vfmadd231ps ymm6,ymm0,ymm1',                   c4 e2 7d b8 f1,                1, 0",
        "'vfmadd231ps ymm11,ymm15,ymm9',                 c4 42 05 b8 d9,                1, 0",
        "'vfmadd231ps ymm6,ymm0,ymm1 (EVEX)',            62 f2 7d 28 b8 f1,             1, 0",
        "'vfmadd231ps zmm30,zmm20,zmm17',                62 22 5d 40 b8 f1,             1, 0",
        "'vfmadd231ps ymm6,ymm0,[rsp+0x20]',             c4 e2 7d b8 74 24 20,          1, 1",
        "'vfmadd231ps zmm6,zmm0,[rsp+0x40]',             62 f2 7d 48 b8 74 24 01,       1, 1",
        "'vfmadd231ss xmm6,xmm0,xmm1',                   c4 e2 79 b9 f1,                0, 0",
        "'vmovdqu [rsp],ymm11',                          c5 7e 7f 1c 24,                0, 1",
        "'vmovdqu [rsp+0x18],ymm11',                     c5 7e 7f 5c 24 18,             0, 1",
        "'vmovdqu ymm3,[rsp+0x118]',                     c5 fe 6f 9c 24 18 01 00 00,    0, 1",
        "'vmovdqu64 [rsp+0x40],zmm21',                   62 e1 fe 48 7f 6c 24 01,       0, 1",
        "'vmovdqu32 zmm2,[rsp+0x140]',                   62 f1 7e 48 6f 54 24 05,       0, 1",
        "'vmovdqu64 zmm2,[rsp+0x148]',                   62 f1 fe 48 6f 94 24 48 01 00 00, 0, 1",
        "'vmovdqu32 ymm20,[rsp+0x20]',                   62 e1 7e 28 6f 64 24 01,       0, 1",
        "'vmovdqu32 xmm20,[rsp+0x20]',                   62 e1 7e 08 6f 64 24 02,       0, 0",
        "'vmovss xmm0,[rsp+0x8]',                        c5 fa 10 44 24 08,             0, 0",
        "'vmovdqu [r12+0x18],ymm3',                      c4 c1 7e 7f 5c 24 18,          0, 0",
        "'vmovdqu64 [r12+0x40],zmm2',                    62 d1 fe 48 7f 54 24 01,       0, 0",
        "'vmovdqu [rsp+r12*1+0x18],ymm3',                c4 a1 7e 7f 5c 24 18,          0, 0",
        "'vmovdqu [rsp+rcx*4+0x18],ymm3',                c5 fe 7f 5c 8c 18,             0, 0",
        "'vmovups ymm1,[r13+r10*4+0x30]',                c4 81 7c 10 4c 95 30,          0, 0",
        "'vmovups zmm1,[r13+r10*4+0x40]',                62 91 7c 48 10 4c 95 01,       0, 0",
        "'vbroadcastss ymm0,DWORD PTR [rax+rsi*4+0x10]', c4 e2 7d 18 44 b0 10,          0, 0",
        "'mov rax,[rsp]',                                48 8b 04 24,                   0, 0"
    })
    void instructions(String assembly, String hex, int multiplications, int onStack) {
        assertThat(loops(loop(FMA + hex.replace(" ", "")))).isEqualTo(new Loops(1 + multiplications, onStack));
    }

    @Test
    void all_of_a_loop_counts() {
        assertThat(loops(loop(SPILL + FMA + ADD + FMA + SPILL))).isEqualTo(new Loops(2, 2));
    }

    @Test
    void what_stands_before_or_after_does_not() {
        assertThat(loops(SPILL + FMA + loop(FMA + ADD) + FMA + SPILL)).isEqualTo(new Loops(1, 0));
    }

    @Test
    void nor_what_an_outer_loop_does() {
        assertThat(loops(loop(SPILL + loop(FMA) + SPILL))).isEqualTo(new Loops(1, 0));
    }

    @Test
    void nor_a_loop_that_does_not_multiply() {
        assertThat(loops(loop(SPILL + ADD) + loop(FMA))).isEqualTo(new Loops(1, 0));
    }

    @Test
    void every_loop_that_multiplies_counts_once() {
        assertThat(loops(loop(FMA + FMA) + loop(FMA + SPILL))).isEqualTo(new Loops(3, 1));
    }

    @Test
    void jumps_forward_are_no_loops() {
        assertThat(loops(FMA + SPILL + "0f8c00010000")).isEqualTo(new Loops(0, 0));
    }

    @Test
    void reads_what_c2_compiled_last() {
        String output = """
            Compiled method (c1) 190  323       3       models.r18.R18Simd256$Tiles::tile6x16 (901 bytes)
            [MachCode]
              0x00007faf80440500: 8984 2400\s
            [/MachCode]

            Compiled method (c2) 972  572       4       models.r18.R18Simd256$Tiles::tile6x16 (901 bytes)
             total in heap  [0x00007faf87ef3d08,0x00007faf87ef47c0] = 2744
            [MachCode]
              0x00007faf87ef3e00: 0000 0000\s
            [/MachCode]

            Compiled method (c2) 980  573       4       models.r18.R18Simd256$Tiles::tile6x16 (901 bytes)
             total in heap  [0x00007faf87ef3d08,0x00007faf87ef47c0] = 2744

            [Constant Pool (empty)]

            [MachCode]
            [Verified Entry Point]
              # {method} {0x00007faf584286b0} 'tile6x16' '([FI[FII[FI)V' in 'models/r18/R18Simd256$Tiles'
              # parm6:    [sp+0x1e0]   = int  (sp of caller)
              0x00007faf87ef3e00: 8984 2400 | c0fe ff55\s

              0x00007faf87ef421c: ; ImmutableOopMap {rax=Oop r13=Oop [0]=Oop [24]=Oop }
                                  ;*goto {reexecute=1 rethrow=0 return_oop=0}
                                  ;   {poll}
              0x00007faf87ef421c: 8b57 30\s
            [Exception Handler]
              0x00007faf87ef4798: ;   {runtime_call ExceptionBlob}
              0x00007faf87ef4798: e943\s
            [/MachCode]

            Compiled method (c2) 990  574 %     4       models.r18.R18Simd256$Tiles::tile6x16 @ 109 (901 bytes)
            [MachCode]
              0x00007faf80440500: ffff ffff\s
            [/MachCode]
            """;

        Map<String, MachineCode> methods = MachineCode.ofC2(output);

        assertThat(methods).containsOnlyKeys("models.r18.R18Simd256$Tiles::tile6x16");
        assertThat(methods.get("models.r18.R18Simd256$Tiles::tile6x16"))
                .extracting(code -> HexFormat.of().formatHex(code.bytes()))
                .isEqualTo("89842400c0feff558b5730e943");
    }

    @Test
    void without_machine_code_there_is_nothing_to_read() {
        assertThat(MachineCode.ofC2("Compiled method (c2) 972  572       4       a.B::c (901 bytes)\n"))
                .isEmpty();
    }
}
