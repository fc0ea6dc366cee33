// The implicit matrix product on NVIDIA's tensor cores, specialised by a WarpTile: PTX's mma.sync, by inline assembly. A warp of
// 32 work-items multiplies fragments of 16 x 8 and 8 x 8 words and adds 16 x 8 floats. A word has 32 bits: one tf32, or two
// neighbouring halves of a sum. Counted in words, the fragments of m16n8k8 in tf32 and of m16n8k16 in half lie alike.
// weights: words, [group][sum's word][column of GROUP_OUT, filled up to a multiple of 4].
// Where EMULATED, the work-items of a warp exchange fragments by local memory and sum by fma, in order: slow, but every index
// is checked on any device.

#ifdef WARP_ROWS

#ifdef TENSOR_FP16
#define ELEMENTS 2 // of a word
typedef ushort element;
#else
#define ELEMENTS 1
typedef uint element;
#endif

#define WARP 32
#define WARPS_OF_ROW (TILE_COLUMNS / WARP_COLUMNS)
#define WARPS (TILE_ROWS / WARP_ROWS * WARPS_OF_ROW)
#define THREADS (WARPS * WARP)
#define WORDS ((DEPTH + ELEMENTS - 1) / ELEMENTS)
#define PIECES ((WORDS + TILE_WORDS - 1) / TILE_WORDS)
#define PADDED_OUT ((GROUP_OUT + 3) / 4 * 4)

#define FRAGMENT_ROWS 16
#define FRAGMENT_COLUMNS 8
#define FRAGMENT_WORDS 8
#define ROW_FRAGMENTS (WARP_ROWS / FRAGMENT_ROWS)
#define COLUMN_FRAGMENTS (WARP_COLUMNS / FRAGMENT_COLUMNS)
#if ROW_FRAGMENTS * FRAGMENT_ROWS != WARP_ROWS || COLUMN_FRAGMENTS * FRAGMENT_COLUMNS != WARP_COLUMNS || TILE_WORDS % FRAGMENT_WORDS
#error "fragments do not fill the warps' tiles"
#endif

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
    return isnan(v) ? bits : bits + 0x1000u & 0xffffe000u;
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

// Words that one load of x takes: neighbours are channels of a pixel.
#if GROUP_IN % (4 * ELEMENTS) == 0
#define X_LANES 4
#else
#define X_LANES 1
#endif
#define X_LOADS (TILE_ROWS * TILE_WORDS / X_LANES / THREADS)
#define X_LOADS_OF_ROW (TILE_WORDS / X_LANES)
#define W_LOADS (TILE_WORDS * TILE_COLUMNS / 4 / THREADS)
#define W_LOADS_OF_ROW (TILE_COLUMNS / 4)
#if X_LOADS * THREADS * X_LANES != TILE_ROWS * TILE_WORDS || W_LOADS * THREADS * 4 != TILE_WORDS * TILE_COLUMNS
#error "the tile does not divide evenly among the work-items"
#endif

// What is fetched lies in arrays of words: PoCL 3.1 loses a uint4 that waits across a barrier.
#if X_LANES == 4
#define FETCH_X(i, word)                                                                                               \
    const int k = (word)*ELEMENTS;                                                                                     \
    const uint4 v = INSIDE(i, k) ? *(__global const uint4 *)(x + ADDRESS(i, k)) : (uint4)(0);                          \
    vstore4(v, i, xNext);
#else
#define BITS(i, k) (INSIDE(i, k) ? (uint)((__global const element *)x)[ADDRESS(i, k)] : 0)
#if ELEMENTS == 2
#define FETCH_X(i, word) xNext[i] = BITS(i, (word)*2) | BITS(i, (word)*2 + 1) << 16;
#else
#define FETCH_X(i, word) xNext[i] = BITS(i, word);
#endif
#endif

#define FETCH(piece)                                                                                                   \
    {                                                                                                                  \
        UNROLLED for (int i = 0; i < X_LOADS; i++) {                                                                   \
            const int word = (piece)*TILE_WORDS + (item + i * THREADS) % X_LOADS_OF_ROW * X_LANES;                     \
            FETCH_X(i, word)                                                                                           \
        }                                                                                                              \
        UNROLLED for (int i = 0; i < W_LOADS; i++) {                                                                   \
            const int load = item + i * THREADS;                                                                       \
            const int word = (piece)*TILE_WORDS + load / W_LOADS_OF_ROW;                                               \
            const int column = column0 + load % W_LOADS_OF_ROW * 4;                                                    \
            const uint4 v = word < WORDS && column < PADDED_OUT                                                        \
                                ? *(__global const uint4 *)(w + (size_t)word * PADDED_OUT + column)                    \
                                : (uint4)(0);                                                                          \
            vstore4(v, i, wNext);                                                                                      \
        }                                                                                                              \
    }

#ifdef TENSOR_TF32 // weights come rounded; tf32x3 rounds later
#define ROUNDED(word) tf32(as_float(word))
#else
#define ROUNDED(word) (word)
#endif

#if X_LANES == 4
#define KEEP_X(to, i)                                                                                                  \
    *(__local uint4 *)(to) = (uint4)(ROUNDED(xNext[4 * i]), ROUNDED(xNext[4 * i + 1]), ROUNDED(xNext[4 * i + 2]),      \
                                     ROUNDED(xNext[4 * i + 3]));
#else
#define KEEP_X(to, i) *(to) = ROUNDED(xNext[i]);
#endif

#define KEEP(buffer)                                                                                                   \
    {                                                                                                                  \
        UNROLLED for (int i = 0; i < X_LOADS; i++) {                                                                   \
            const int load = item + i * THREADS;                                                                       \
            KEEP_X(&xs[buffer][load / X_LOADS_OF_ROW][load % X_LOADS_OF_ROW * X_LANES], i)                             \
        }                                                                                                              \
        UNROLLED for (int i = 0; i < W_LOADS; i++) {                                                                   \
            const int load = item + i * THREADS;                                                                       \
            *(__local uint4 *)&ws[buffer][load / W_LOADS_OF_ROW][load % W_LOADS_OF_ROW * 4] = vload4(i, wNext);        \
        }                                                                                                              \
    }

#define MULTIPLY_ALL(a, b)                                                                                             \
    UNROLLED for (int i = 0; i < ROW_FRAGMENTS; i++) {                                                                 \
        UNROLLED for (int j = 0; j < COLUMN_FRAGMENTS; j++) {                                                          \
            MULTIPLY(sums[i][j], (a)[i], (b)[j])                                                                       \
        }                                                                                                              \
    }

// Rounds each value and keeps what that takes away, rounded too.
#define DIVIDE(fragments, values, high, low)                                                                           \
    UNROLLED for (int i = 0; i < (fragments); i++) {                                                                   \
        UNROLLED for (int v = 0; v < (values); v++) {                                                                  \
            const float whole = as_float((high)[i][v]);                                                                \
            (high)[i][v] = tf32(whole);                                                                                \
            (low)[i][v] = tf32(whole - as_float((high)[i][v]));                                                        \
        }                                                                                                              \
    }

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1))) void convolution_tensor(OPERANDS) {
    // Rows as long as these let the work-items of a warp read fragments from banks of their own.
    __local uint xs[2][TILE_ROWS][TILE_WORDS + 4] __attribute__((aligned(16)));
    __local uint ws[2][TILE_WORDS][TILE_COLUMNS + 8] __attribute__((aligned(16)));
#ifdef EMULATED
    __local uint exchange[WARPS][6][WARP];
#endif
    const int item = get_local_id(0);
    const int warp = item / WARP;
    const int lane = item % WARP;
    const int row0 = get_group_id(0) * TILE_ROWS;
    const int column0 = get_group_id(1) * TILE_COLUMNS;
    const int group = get_group_id(2) / SPLIT;
    const int part = get_group_id(2) % SPLIT;
    const int firstPiece = part * PIECES / SPLIT;
    const int endPiece = (part + 1) * PIECES / SPLIT;
    __global const uint *const w = (__global const uint *)weights + (size_t)group * WORDS * PADDED_OUT;

    int imageAt[X_LOADS], top[X_LOADS], left[X_LOADS];
    UNROLLED for (int i = 0; i < X_LOADS; i++) {
        const int row = row0 + (item + i * THREADS) / X_LOADS_OF_ROW;
        BEGIN_WINDOW(i, row)
    }
    uint xNext[X_LOADS * X_LANES], wNext[W_LOADS * 4];

    const int warpRow = warp / WARPS_OF_ROW * WARP_ROWS;
    const int warpColumn = warp % WARPS_OF_ROW * WARP_COLUMNS;
    float sums[ROW_FRAGMENTS][COLUMN_FRAGMENTS][4];
    UNROLLED for (int i = 0; i < ROW_FRAGMENTS; i++) {
        UNROLLED for (int j = 0; j < COLUMN_FRAGMENTS; j++) {
            UNROLLED for (int v = 0; v < 4; v++) {
                sums[i][j][v] = 0.0f;
            }
        }
    }

    int buffer = 0;
    FETCH(firstPiece)
    KEEP(0)
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int piece = firstPiece; piece < endPiece; piece++) {
        if (piece + 1 < endPiece) {
            FETCH(piece + 1)
        }
        UNROLLED for (int word = 0; word < TILE_WORDS; word += FRAGMENT_WORDS) {
            uint a[ROW_FRAGMENTS][4], b[COLUMN_FRAGMENTS][2];
            UNROLLED for (int i = 0; i < ROW_FRAGMENTS; i++) {
                UNROLLED for (int v = 0; v < 4; v++) {
                    a[i][v] = xs[buffer][warpRow + i * FRAGMENT_ROWS + A_ROW(v)][word + A_WORD(v)];
                }
            }
            UNROLLED for (int j = 0; j < COLUMN_FRAGMENTS; j++) {
                UNROLLED for (int v = 0; v < 2; v++) {
                    b[j][v] = ws[buffer][word + B_WORD(v)][warpColumn + j * FRAGMENT_COLUMNS + B_COLUMN];
                }
            }
#ifdef TENSOR_TF32X3 // small products first; that of both low parts would not count
            uint aLow[ROW_FRAGMENTS][4], bLow[COLUMN_FRAGMENTS][2];
            DIVIDE(ROW_FRAGMENTS, 4, a, aLow)
            DIVIDE(COLUMN_FRAGMENTS, 2, b, bLow)
            MULTIPLY_ALL(aLow, b)
            MULTIPLY_ALL(a, bLow)
#endif
            MULTIPLY_ALL(a, b)
        }
        if (piece + 1 < endPiece) { // into the other buffer, which nobody reads any more
            KEEP(buffer ^ 1)
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        buffer ^= 1;
    }

    UNROLLED for (int i = 0; i < ROW_FRAGMENTS; i++) {
        UNROLLED for (int j = 0; j < COLUMN_FRAGMENTS; j++) {
            UNROLLED for (int v = 0; v < 4; v += 2) {
                const int row = row0 + warpRow + i * FRAGMENT_ROWS + C_ROW(v);
                const int column = column0 + warpColumn + j * FRAGMENT_COLUMNS + C_COLUMN(v);
                const int channel = group * GROUP_OUT + column;
                const size_t at = (size_t)row * OUT_C + channel;
#if SPLIT > 1
                UNROLLED for (int next = 0; next < 2; next++) {
                    if (row < ROWS && column + next < GROUP_OUT) {
                        partial[(size_t)part * ROWS * OUT_C + at + next] = sums[i][j][v + next];
                    }
                }
#elif GROUP_OUT % 2 == 0
                if (row < ROWS && column < GROUP_OUT) {
                    float2 pair;
                    pair.x = finish(sums[i][j][v], channel, at, bias, residual);
                    pair.y = finish(sums[i][j][v + 1], channel + 1, at + 1, bias, residual);
                    STORE2(pair, y, at);
                }
#else
                UNROLLED for (int next = 0; next < 2; next++) {
                    if (row < ROWS && column + next < GROUP_OUT) {
                        STORE(finish(sums[i][j][v + next], channel + next, at + next, bias, residual), y, at + next);
                    }
                }
#endif
            }
        }
    }
}

#endif // WARP_ROWS
