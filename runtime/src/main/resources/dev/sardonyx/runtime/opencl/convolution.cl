// Convolutions of images stored pixel by pixel (NHWC), specialised by definitions: those of ConvolutionShape, and those of
// a Tiling for the implicit matrix product. Sums run over kernel rows, kernel columns, input channels, in this order, by fma.

#define GROUP_IN (IN_C / GROUPS)
#define GROUP_OUT (OUT_C / GROUPS)
#define DEPTH (KERNEL_H * KERNEL_W * GROUP_IN)
#define ROWS (BATCH * OUT_H * OUT_W)

#ifdef UNROLL // registers hold arrays only where loops over them vanish
#define UNROLLED _Pragma("unroll")
#else
#define UNROLLED
#endif

// Every kernel has the same parameters, so that all of them are bound alike.
#define OPERANDS                                                                                                       \
    __global const storage *restrict x, __global const storage *restrict weights, __global const float *restrict bias, \
        __global const storage *restrict residual, __global storage *restrict y, __global float *restrict partial

// Bias, residual and activation; NaN stays NaN. Helpers' parameters are not "restrict": oclgrind fails on that.
static inline float finish(float v, int column, size_t at, __global const float *bias, __global const storage *residual) {
#ifdef BIAS
    v += bias[column];
#endif
#ifdef RESIDUAL
    v += LOAD(residual, at);
#endif
#if defined RELU
    v = v < 0.0f ? 0.0f : v;
#elif defined CLIP_LOW
    v = v < CLIP_LOW ? CLIP_LOW : v;
    v = v > CLIP_HIGH ? CLIP_HIGH : v;
#elif defined LEAKY_SLOPE
    v = v < 0.0f ? v * LEAKY_SLOPE : v;
#endif
    return v;
}

// In a matrix product, the elements of a row are those of the window of an output pixel, in the order of the sums. A work-item
// notes where the windows that it loads begin; INSIDE tells whether element k of window i is of the image, ADDRESS where.
#define PIXELWISE                                                                                                        \
    (KERNEL_H == 1 && KERNEL_W == 1 && STRIDE_H == 1 && STRIDE_W == 1 && PAD_TOP == 0 && PAD_LEFT == 0 && IN_H == OUT_H && \
     IN_W == OUT_W)
#if PIXELWISE
#define BEGIN_WINDOW(i, row)                                                                                           \
    top[i] = (row) < ROWS ? 0 : -1;                                                                                    \
    left[i] = 0;                                                                                                       \
    imageAt[i] = (row) * IN_C + group * GROUP_IN;
#define INSIDE(i, k) (top[i] == 0 && (k) < DEPTH)
#define ADDRESS(i, k) (imageAt[i] + (k))
#else
#define BEGIN_WINDOW(i, row)                                                                                           \
    top[i] = (row) < ROWS ? (row) / OUT_W % OUT_H * STRIDE_H - PAD_TOP : -(1 << 30);                                   \
    left[i] = (row) % OUT_W * STRIDE_W - PAD_LEFT;                                                                     \
    imageAt[i] = (row) / (OUT_H * OUT_W) * (IN_H * IN_W * IN_C) + group * GROUP_IN;
#define TAP(k) ((k) / GROUP_IN)
#define IN_ROW(i, k) (top[i] + TAP(k) / KERNEL_W * DILATION_H)
#define IN_COLUMN(i, k) (left[i] + TAP(k) % KERNEL_W * DILATION_W)
#define INSIDE(i, k) ((uint)IN_ROW(i, k) < (uint)IN_H && (uint)IN_COLUMN(i, k) < (uint)IN_W && (k) < DEPTH)
#define ADDRESS(i, k) (imageAt[i] + (IN_ROW(i, k) * IN_W + IN_COLUMN(i, k)) * IN_C + (k) % GROUP_IN)
#endif

#ifdef THREAD_ROWS

// The implicit matrix product: rows are output pixels, columns output channels, the sums run over taps and input
// channels. A work-group computes a tile; pieces of both matrices go through local memory, the next piece being fetched
// into registers while one is computed. weights: [group][depth][GROUP_OUT].

#define THREAD_ROWS_OF_TILE (TILE_ROWS / THREAD_ROWS)
#define THREAD_COLUMNS_OF_TILE (TILE_COLUMNS / THREAD_COLUMNS)
#define THREADS (THREAD_ROWS_OF_TILE * THREAD_COLUMNS_OF_TILE)
#define PIECES ((DEPTH + TILE_DEPTH - 1) / TILE_DEPTH)

// Elements that one load of x takes: neighbours are channels of a pixel.
#if GROUP_IN % 4 == 0
#define X_LANES 4
#else
#define X_LANES 1
#endif
// Elements that one load of weights, or one store, takes: neighbours are output channels.
#if GROUP_OUT % 4 == 0
#define COLUMN_LANES 4
#else
#define COLUMN_LANES 1
#endif

#define X_LOADS (TILE_ROWS * TILE_DEPTH / X_LANES / THREADS)
#define X_LOADS_OF_ROW (TILE_DEPTH / X_LANES)
#define W_LOADS (TILE_DEPTH * TILE_COLUMNS / COLUMN_LANES / THREADS)
#define W_LOADS_OF_ROW (TILE_COLUMNS / COLUMN_LANES)
#if X_LOADS * THREADS * X_LANES != TILE_ROWS * TILE_DEPTH || W_LOADS * THREADS * COLUMN_LANES != TILE_DEPTH * TILE_COLUMNS
#error "the tile does not divide evenly among the work-items"
#endif

// Neighbouring work-items hold neighbouring quads of rows and columns, so that local memory is read without conflicts.
#define ROW_OF(i) ((i) / 4 * (4 * THREAD_ROWS_OF_TILE) + (i) % 4)
#define COLUMN_OF(j) ((j) / 4 * (4 * THREAD_COLUMNS_OF_TILE) + (j) % 4)

__kernel __attribute__((reqd_work_group_size(THREADS, 1, 1))) void convolution_product(OPERANDS) {
    __local float xs[2][TILE_DEPTH][TILE_ROWS + 4] __attribute__((aligned(16)));
    __local float ws[2][TILE_DEPTH][TILE_COLUMNS] __attribute__((aligned(16)));
    const int item = get_local_id(0);
    const int row0 = get_group_id(0) * TILE_ROWS;
    const int column0 = get_group_id(1) * TILE_COLUMNS;
    const int group = get_group_id(2) / SPLIT;
    const int part = get_group_id(2) % SPLIT;
    const int firstPiece = part * PIECES / SPLIT;
    const int endPiece = (part + 1) * PIECES / SPLIT;
    __global const storage *const w = weights + (size_t)group * DEPTH * GROUP_OUT;

    // Where the windows of the rows that this work-item loads begin.
    int imageAt[X_LOADS], top[X_LOADS], left[X_LOADS];
    UNROLLED for (int i = 0; i < X_LOADS; i++) {
        const int row = row0 + (item + i * THREADS) / X_LOADS_OF_ROW;
        BEGIN_WINDOW(i, row)
    }

    float xNext[X_LOADS * X_LANES], wNext[W_LOADS * COLUMN_LANES];

#define FETCH(piece)                                                                                                   \
    {                                                                                                                  \
        UNROLLED for (int i = 0; i < X_LOADS; i++) {                                                                   \
            const int k = (piece) * TILE_DEPTH + (item + i * THREADS) % X_LOADS_OF_ROW * X_LANES;                      \
            FETCH_X(i, k)                                                                                              \
        }                                                                                                              \
        UNROLLED for (int i = 0; i < W_LOADS; i++) {                                                                   \
            const int load = item + i * THREADS;                                                                       \
            const int k = (piece) * TILE_DEPTH + load / W_LOADS_OF_ROW;                                                \
            const int column = column0 + load % W_LOADS_OF_ROW * COLUMN_LANES;                                         \
            FETCH_W(i, k, column, k < DEPTH && column < GROUP_OUT)                                                     \
        }                                                                                                              \
    }

#if X_LANES == 4
#define FETCH_X(i, k)                                                                                                  \
    const float4 v = INSIDE(i, k) ? LOAD4(x, ADDRESS(i, k)) : (float4)(0.0f);                                          \
    vstore4(v, i, xNext);
#else
#define FETCH_X(i, k) xNext[i] = INSIDE(i, k) ? LOAD(x, ADDRESS(i, k)) : 0.0f;
#endif
#if COLUMN_LANES == 4
#define FETCH_W(i, k, column, inside)                                                                                  \
    const float4 v = (inside) ? LOAD4(w, (size_t)(k)*GROUP_OUT + (column)) : (float4)(0.0f);                           \
    vstore4(v, i, wNext);
#else
#define FETCH_W(i, k, column, inside) wNext[i] = (inside) ? LOAD(w, (size_t)(k)*GROUP_OUT + (column)) : 0.0f;
#endif

#define KEEP(buffer)                                                                                                   \
    {                                                                                                                  \
        UNROLLED for (int i = 0; i < X_LOADS; i++) {                                                                   \
            const int load = item + i * THREADS;                                                                       \
            UNROLLED for (int lane = 0; lane < X_LANES; lane++) {                                                      \
                xs[buffer][load % X_LOADS_OF_ROW * X_LANES + lane][load / X_LOADS_OF_ROW] = xNext[i * X_LANES + lane]; \
            }                                                                                                          \
        }                                                                                                              \
        UNROLLED for (int i = 0; i < W_LOADS; i++) {                                                                   \
            const int load = item + i * THREADS;                                                                       \
            UNROLLED for (int lane = 0; lane < COLUMN_LANES; lane++) {                                                 \
                ws[buffer][load / W_LOADS_OF_ROW][load % W_LOADS_OF_ROW * COLUMN_LANES + lane] =                       \
                    wNext[i * COLUMN_LANES + lane];                                                                    \
            }                                                                                                          \
        }                                                                                                              \
    }

    const int threadRow = item / THREAD_COLUMNS_OF_TILE * 4;
    const int threadColumn = item % THREAD_COLUMNS_OF_TILE * 4;
    float sums[THREAD_ROWS][THREAD_COLUMNS];
    UNROLLED for (int i = 0; i < THREAD_ROWS; i++) {
        UNROLLED for (int j = 0; j < THREAD_COLUMNS; j++) {
            sums[i][j] = 0.0f;
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
        UNROLLED for (int k = 0; k < TILE_DEPTH; k++) {
            float a[THREAD_ROWS], b[THREAD_COLUMNS];
            UNROLLED for (int i = 0; i < THREAD_ROWS; i += 4) {
                vstore4(*(__local const float4 *)&xs[buffer][k][threadRow + ROW_OF(i)], 0, a + i);
            }
            UNROLLED for (int j = 0; j < THREAD_COLUMNS; j += 4) {
                vstore4(*(__local const float4 *)&ws[buffer][k][threadColumn + COLUMN_OF(j)], 0, b + j);
            }
            UNROLLED for (int i = 0; i < THREAD_ROWS; i++) {
                UNROLLED for (int j = 0; j < THREAD_COLUMNS; j++) {
                    sums[i][j] = fma(a[i], b[j], sums[i][j]);
                }
            }
        }
        if (piece + 1 < endPiece) { // into the other buffer, which nobody reads any more: one barrier a piece is enough
            KEEP(buffer ^ 1)
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        buffer ^= 1;
    }

    UNROLLED for (int i = 0; i < THREAD_ROWS; i++) {
        const int row = row0 + threadRow + ROW_OF(i);
        UNROLLED for (int j = 0; j < THREAD_COLUMNS; j += COLUMN_LANES) {
            const int column = column0 + threadColumn + COLUMN_OF(j);
            if (row < ROWS && column < GROUP_OUT) {
                const int channel = group * GROUP_OUT + column;
                const size_t at = (size_t)row * OUT_C + channel;
#if SPLIT > 1
                UNROLLED for (int lane = 0; lane < COLUMN_LANES; lane++) {
                    partial[(size_t)part * ROWS * OUT_C + at + lane] = sums[i][j + lane];
                }
#elif COLUMN_LANES == 4
                float4 v;
                v.x = finish(sums[i][j], channel, at, bias, residual);
                v.y = finish(sums[i][j + 1], channel + 1, at + 1, bias, residual);
                v.z = finish(sums[i][j + 2], channel + 2, at + 2, bias, residual);
                v.w = finish(sums[i][j + 3], channel + 3, at + 3, bias, residual);
                STORE4(v, y, at);
#else
                STORE(finish(sums[i][j], channel, at, bias, residual), y, at);
#endif
            }
        }
    }
}

#endif // THREAD_ROWS

#ifdef SPLIT

// Adds the parts of split sums up, in order.
__kernel void convolution_sum(OPERANDS) {
    const size_t at = get_global_id(0);
    if (at < (size_t)ROWS * OUT_C) {
        float sum = partial[at];
        for (int part = 1; part < SPLIT; part++) {
            sum += partial[(size_t)part * ROWS * OUT_C + at];
        }
        STORE(finish(sum, at % OUT_C, at, bias, residual), y, at);
    }
}

#endif // SPLIT

#ifdef VECTOR_SLICES

// The product of a few rows with a matrix, for fully connected layers: each work-item sums every VECTOR_SLICES-th element
// of one column; then the slices are added up, in order. weights: [depth][OUT_C].

__kernel __attribute__((reqd_work_group_size(VECTOR_COLUMNS, VECTOR_SLICES, 1))) void convolution_vector(OPERANDS) {
    __local float slices[VECTOR_SLICES][ROWS][VECTOR_COLUMNS];
    const int slice = get_local_id(1);
    const int column = get_global_id(0);
    float sums[ROWS];
    UNROLLED for (int row = 0; row < ROWS; row++) {
        sums[row] = 0.0f;
    }
    if (column < OUT_C) {
        for (int k = slice; k < DEPTH; k += VECTOR_SLICES) {
            const float w = LOAD(weights, (size_t)k * OUT_C + column);
            UNROLLED for (int row = 0; row < ROWS; row++) {
                sums[row] = fma(LOAD(x, row * DEPTH + k), w, sums[row]);
            }
        }
    }
    UNROLLED for (int row = 0; row < ROWS; row++) {
        slices[slice][row][get_local_id(0)] = sums[row];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (slice == 0 && column < OUT_C) {
        for (int row = 0; row < ROWS; row++) {
            float sum = slices[0][row][get_local_id(0)];
            for (int other = 1; other < VECTOR_SLICES; other++) {
                sum += slices[other][row][get_local_id(0)];
            }
            const size_t at = (size_t)row * OUT_C + column;
            STORE(finish(sum, column, at, bias, residual), y, at);
        }
    }
}

#endif // VECTOR_SLICES

#ifdef DIRECT

// One work-item for each output value, for groups of a few channels, depthwise convolutions among them.
// weights: [group][depth][GROUP_OUT].

__kernel void convolution_direct(OPERANDS) {
    const size_t at = get_global_id(0);
    if (at < (size_t)ROWS * OUT_C) {
        const int channel = at % OUT_C;
        const int row = at / OUT_C;
        const int group = channel / GROUP_OUT;
        const int top = row / OUT_W % OUT_H * STRIDE_H - PAD_TOP;
        const int left = row % OUT_W * STRIDE_W - PAD_LEFT;
        const int imageAt = row / (OUT_H * OUT_W) * (IN_H * IN_W * IN_C) + group * GROUP_IN;
        __global const storage *const w = weights + (size_t)group * DEPTH * GROUP_OUT + channel % GROUP_OUT;
        float sum = 0.0f;
        for (int tap = 0; tap < KERNEL_H * KERNEL_W; tap++) {
            const int inRow = top + tap / KERNEL_W * DILATION_H;
            const int inColumn = left + tap % KERNEL_W * DILATION_W;
            if ((uint)inRow < (uint)IN_H && (uint)inColumn < (uint)IN_W) {
                for (int c = 0; c < GROUP_IN; c++) {
                    sum = fma(LOAD(x, imageAt + (inRow * IN_W + inColumn) * IN_C + c),
                              LOAD(w, (size_t)(tap * GROUP_IN + c) * GROUP_OUT), sum);
                }
            }
        }
        STORE(finish(sum, channel, at, bias, residual), y, at);
    }
}

#endif // DIRECT
