// One product on NVIDIA's tensor cores, by PTX's mma.sync in inline assembly: a warp of 32 work-items multiplies fragments of
// 16 x 8 and 8 x 8 words and adds 16 x 8 floats. A word has 32 bits: one tf32, or two neighbouring halves of a sum. Counted in
// words, the fragments of m16n8k8 in tf32 and of m16n8k16 in half lie alike.
// Where EMULATED, the work-items of a warp exchange fragments by local memory and sum by fma, in order: slow, but every index
// is checked on any device. A kernel then declares __local uint exchange[warps][6][WARP], and in any case warp and lane.

#ifdef WARP_ROWS

#define WARP 32
#define FRAGMENT_ROWS 16
#define FRAGMENT_COLUMNS 8
#define FRAGMENT_WORDS 8

// Where value v of a work-item's fragments lies: a[4] of the left matrix, b[2] of the right one, c[4] of the sums.
#define A_ROW(v) (lane / 4 + (v) % 2 * 8)
#define A_WORD(v) (lane % 4 + (v) / 2 * 4)
#define B_WORD(v) (lane % 4 + (v) * 4)
#define B_COLUMN (lane / 4)
#define C_ROW(v) (lane / 4 + (v) / 2 * 8)
#define C_COLUMN(v) (lane % 4 * 2 + (v) % 2)

#if defined EMULATED

// To the nearest number of 10 bits after the point, halves away from zero, as cvt.rna rounds.
static inline uint tf32(float v) {
    const uint bits = as_uint(v);
    return isnan(v) ? bits : (bits + 0x1000u) & 0xffffe000u;
}

#ifdef TENSOR_FP16
// By its bits: a pointer to half must not point to a word.
static inline float half_value(uint bits) {
    const uint magnitude = (bits & 0x7fffu) << 13;
    const float value =
        (bits & 0x7c00u) == 0x7c00u ? as_float(magnitude | 0x7f800000u) : as_float(magnitude) * 0x1p112f;
    return bits & 0x8000u ? -value : value;
}

static inline float multiply_add(uint a, uint b, float c) {
    return fma(half_value(a >> 16), half_value(b >> 16), fma(half_value(a & 0xffffu), half_value(b & 0xffffu), c));
}
#else
// Tensor cores do not look at the lower bits of a tf32.
static inline float multiply_add(uint a, uint b, float c) {
    return fma(as_float(a & 0xffffe000u), as_float(b & 0xffffe000u), c);
}
#endif

// One of the sums; words: by fragment value, a before b, and lane.
static inline float dot_product(__local const uint (*words)[WARP], int row, int column, float c) {
    for (int k = 0; k < FRAGMENT_WORDS; k++) {
        const uint a = words[row / 8 + k / 4 * 2][row % 8 * 4 + k % 4];
        const uint b = words[4 + k / 4][column * 4 + k % 4];
        c = multiply_add(a, b, c);
    }
    return c;
}

#define MULTIPLY(c, a, b)                                                                                              \
    {                                                                                                                  \
        for (int v = 0; v < 6; v++) {                                                                                  \
            exchange[warp][v][lane] = v < 4 ? (a)[v & 3] : (b)[v & 1];                                                 \
        }                                                                                                              \
        barrier(CLK_LOCAL_MEM_FENCE);                                                                                  \
        for (int v = 0; v < 4; v++) {                                                                                  \
            (c)[v] = dot_product(exchange[warp], C_ROW(v), C_COLUMN(v), (c)[v]);                                       \
        }                                                                                                              \
        barrier(CLK_LOCAL_MEM_FENCE);                                                                                  \
    }

#elif defined __NV_CL_C_VERSION

static inline uint tf32(float v) {
    uint rounded;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(v));
    return rounded;
}

#ifdef TENSOR_FP16
#define MMA "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32"
#else
#define MMA "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32"
#endif
#define MULTIPLY(c, a, b)                                                                                              \
    asm volatile(MMA " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %11, %12, %13};"                            \
                 : "=f"((c)[0]), "=f"((c)[1]), "=f"((c)[2]), "=f"((c)[3])                                              \
                 : "r"((a)[0]), "r"((a)[1]), "r"((a)[2]), "r"((a)[3]), "r"((b)[0]), "r"((b)[1]), "f"((c)[0]),          \
                   "f"((c)[1]), "f"((c)[2]), "f"((c)[3]));

#else
#error "this device has no tensor cores that a kernel could reach"
#endif

#endif // WARP_ROWS
