// The implicit matrix product on tensor cores, in words of 32 bits, specialised by a WarpTile. A work-group computes a tile as
// convolution_product does; each of its warps computes a part of it, in fragments.
// weights: words, [group][sum's word][column of GROUP_OUT, filled up to a multiple of 4].

#ifdef WARP_ROWS

#ifdef TENSOR_FP16
#define ELEMENTS 2 // of a word
typedef ushort element;
#else
#define ELEMENTS 1
typedef uint element;
#endif

#define WARPS_OF_ROW (TILE_COLUMNS / WARP_COLUMNS)
#define WARPS (TILE_ROWS / WARP_ROWS * WARPS_OF_ROW)
#define THREADS (WARPS * WARP)
#define WORDS ((DEPTH + ELEMENTS - 1) / ELEMENTS)
#define PIECES ((WORDS + TILE_WORDS - 1) / TILE_WORDS)
#define PADDED_OUT ((GROUP_OUT + 3) / 4 * 4)
#define ROW_FRAGMENTS (WARP_ROWS / FRAGMENT_ROWS)
#define COLUMN_FRAGMENTS (WARP_COLUMNS / FRAGMENT_COLUMNS)
#if ROW_FRAGMENTS * FRAGMENT_ROWS != WARP_ROWS || COLUMN_FRAGMENTS * FRAGMENT_COLUMNS != WARP_COLUMNS || TILE_WORDS % FRAGMENT_WORDS
#error "fragments do not fill the warps' tiles"
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

#define MULTIPLY_ROW(sums, a, b)                                                                                       \
    UNROLLED for (int j = 0; j < COLUMN_FRAGMENTS; j++) {                                                              \
        MULTIPLY((sums)[j], a, (b)[j])                                                                                 \
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
#ifdef TENSOR_TF32X3 // Small products first; that of both low parts would not count. The tensor cores' own sums are cut off, not
                     // rounded, all in one direction: so they are of one fragment only, and those go into the whole by rounded additions.
            uint aLow[ROW_FRAGMENTS][4], bLow[COLUMN_FRAGMENTS][2];
            DIVIDE(ROW_FRAGMENTS, 4, a, aLow)
            DIVIDE(COLUMN_FRAGMENTS, 2, b, bLow)
            UNROLLED for (int i = 0; i < ROW_FRAGMENTS; i++) {
                float products[COLUMN_FRAGMENTS][4];
                UNROLLED for (int j = 0; j < COLUMN_FRAGMENTS; j++) {
                    UNROLLED for (int v = 0; v < 4; v++) {
                        products[j][v] = 0.0f;
                    }
                }
                MULTIPLY_ROW(products, aLow[i], b)
                MULTIPLY_ROW(products, a[i], bLow)
                MULTIPLY_ROW(products, a[i], b)
                UNROLLED for (int j = 0; j < COLUMN_FRAGMENTS; j++) {
                    UNROLLED for (int v = 0; v < 4; v++) {
                        sums[i][j][v] += products[j][v];
                    }
                }
            }
#else
            UNROLLED for (int i = 0; i < ROW_FRAGMENTS; i++) {
                MULTIPLY_ROW(sums[i], a[i], b)
            }
#endif
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
