// The two transforms of Winograd's minimal filtering F(m x m, 3x3), m = WINOGRAD, around a matrix product for each of the (m + 2)^2
// values of a tile, which is a pixelwise convolution of as many groups: tiles lie as pixels of [value][channel] do. A work-item
// takes one channel of one tile, so that neighbours read and write neighbouring channels. Both are one-dimensional passes
// down the columns and then along the rows, rounded as the SIMD target's are. A launch transforms PART_TILES tiles, or those that
// are left; the first work-item's number tells which is the first.

#ifdef WINOGRAD

#define SIDE (WINOGRAD + 2)
#define TILES_H ((OUT_H + WINOGRAD - 1) / WINOGRAD)
#define TILES_W ((OUT_W + WINOGRAD - 1) / WINOGRAD)
#define TILES (BATCH * TILES_H * TILES_W)

// Values that lie "step" apart, in place: SIDE become SIDE, those of the transposed B times them.
static inline void input_pass(float *d, int step) {
    const float d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step];
#if WINOGRAD == 4
    const float d4 = d[4 * step], d5 = d[5 * step];
    const float a = fma(-4.0f, d2, d4), b = fma(-4.0f, d1, d3), e = d4 - d2, f = d3 - d1;
    d[0] = fma(4.0f, d0, fma(-5.0f, d2, d4));
    d[step] = a + b;
    d[2 * step] = a - b;
    d[3 * step] = fma(2.0f, f, e);
    d[4 * step] = fma(-2.0f, f, e);
    d[5 * step] = fma(4.0f, d1, fma(-5.0f, d3, d5));
#else
    d[0] = d0 - d2;
    d[step] = d1 + d2;
    d[2 * step] = d2 - d1;
    d[3 * step] = d1 - d3;
#endif
}

// SIDE become WINOGRAD, those of the transposed A times them.
static inline void output_pass(float *v, int step) {
    const float v0 = v[0], v1 = v[step], v2 = v[2 * step], v3 = v[3 * step];
#if WINOGRAD == 4
    const float v4 = v[4 * step], v5 = v[5 * step];
    const float a = v1 + v2, b = v1 - v2, e = v3 + v4, f = v3 - v4;
    v[0] = v0 + a + e;
    v[step] = fma(2.0f, f, b);
    v[2 * step] = fma(4.0f, e, a);
    v[3 * step] = fma(8.0f, f, b) + v5;
#else
    v[0] = v0 + v1 + v2;
    v[step] = v1 - v2 - v3;
#endif
}

__kernel void winograd_input(OPERANDS) {
    const size_t at = get_global_id(0);
    const size_t first = get_global_offset(0);
    if (at < (size_t)TILES * IN_C && at - first < (size_t)PART_TILES * IN_C) {
        const int channel = at % IN_C;
        const int tile = at / IN_C;
        const int top = tile / TILES_W % TILES_H * WINOGRAD - PAD_TOP;
        const int left = tile % TILES_W * WINOGRAD - PAD_LEFT;
        __global const storage *const image = x + (size_t)(tile / (TILES_H * TILES_W)) * (IN_H * IN_W) * IN_C + channel;
        float d[SIDE * SIDE];
        UNROLLED for (int i = 0; i < SIDE; i++) {
            UNROLLED for (int j = 0; j < SIDE; j++) {
                const int inRow = top + i;
                const int inColumn = left + j;
                d[i * SIDE + j] = (uint)inRow < (uint)IN_H && (uint)inColumn < (uint)IN_W
                                      ? LOAD(image, (size_t)(inRow * IN_W + inColumn) * IN_C)
                                      : 0.0f;
            }
        }
        UNROLLED for (int j = 0; j < SIDE; j++) {
            input_pass(d + j, SIDE);
        }
        __global storage *const values = y + (tile - first / IN_C) * (SIDE * SIDE) * IN_C + channel;
        UNROLLED for (int i = 0; i < SIDE; i++) {
            input_pass(d + i * SIDE, 1);
            UNROLLED for (int j = 0; j < SIDE; j++) {
                STORE(d[i * SIDE + j], values, (size_t)(i * SIDE + j) * IN_C);
            }
        }
    }
}

__kernel void winograd_output(OPERANDS) {
    const size_t item = get_global_id(0);
    const size_t first = get_global_offset(0);
    if (item < (size_t)TILES * OUT_C && item - first < (size_t)PART_TILES * OUT_C) {
        const int channel = item % OUT_C;
        const int tile = item / OUT_C;
        const int top = tile / TILES_W % TILES_H * WINOGRAD;
        const int left = tile % TILES_W * WINOGRAD;
        const int image = tile / (TILES_H * TILES_W);
        __global const storage *const values = x + (tile - first / OUT_C) * (SIDE * SIDE) * OUT_C + channel;
        float v[SIDE * SIDE];
        UNROLLED for (int i = 0; i < SIDE * SIDE; i++) {
            v[i] = LOAD(values, (size_t)i * OUT_C);
        }
        UNROLLED for (int j = 0; j < SIDE; j++) {
            output_pass(v + j, SIDE);
        }
        UNROLLED for (int i = 0; i < WINOGRAD; i++) {
            output_pass(v + i * SIDE, 1);
            UNROLLED for (int j = 0; j < WINOGRAD; j++) {
                if (top + i < OUT_H && left + j < OUT_W) {
                    const size_t at = ((size_t)(image * OUT_H + top + i) * OUT_W + left + j) * OUT_C + channel;
                    STORE(finish(v[i * SIDE + j], channel, at, bias, residual), y, at);
                }
            }
        }
    }
}

#endif // WINOGRAD
