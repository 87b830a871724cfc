// Attention, 32 × 32 pairs of queries and keys at a time. What a query does not see is never added, not even times 0.
//
// Queries come in tiles: rows of one run of a cotangent (or of a sequence), as `QueryTile` says. Keys come in tiles of
// one run, as `KeyTile` says. A block has one tile, one head, and some columns of the result; warp w has the tile's
// rows w, w + 8, w + 16, w + 24, lane l the pair with the other side's row l, and then column l of the result.
#pragma once
#include "common.cuh"

#define SIDE 32
#define EACH (SIDE / WARPS)

// Rows at … at + count − 1 of the cotangent face rows first … of the activation; the run that they are of begins at
// `runAt` and has `runLength` rows, the tile's first is number `offset` of it.
struct QueryTile { int at, first, count, runAt, runLength, offset; };

// Keys from … of the run that begins at `at` and faces `first` …, `length` queries long; its keys' rows in the result
// begin at `start`, and it has `keys` of them.
struct KeyTile { int at, first, length, start, keys, from; };

// Which keys a query sees.
struct View {
    int queries, keys, window;
    __device__ __forceinline__ int last(int row) const { return keys - queries + row % queries; }
    __device__ __forceinline__ int firstOf(int row) const { return max(0, last(row) - window + 1); }
};

// out[i] = ⟨row ty + 8i of x, row tx of y⟩, both `d` wide.
__device__ __forceinline__ void pairs(float* out, const float* x, Index xStride, int xCount, const float* y,
                                      Index yStride, int yCount, int d, float (*xs)[SIDE + 1], float (*ys)[SIDE + 1]) {
    int tx = threadIdx.x % WARP, ty = threadIdx.x / WARP;
    for (int i = 0; i < EACH; i++) out[i] = 0;
    for (int c = 0; c < d; c += SIDE) {
        __syncthreads();
        for (int i = 0; i < EACH; i++) {
            int r = ty + WARPS * i;
            xs[r][tx] = r < xCount && c + tx < d ? x[r * xStride + c + tx] : 0.0f;
            ys[r][tx] = r < yCount && c + tx < d ? y[r * yStride + c + tx] : 0.0f;
        }
        __syncthreads();
#pragma unroll 8
        for (int k = 0; k < SIDE; k++) {
            float b = ys[tx][k];
            for (int i = 0; i < EACH; i++) out[i] = fmaf(xs[ty + WARPS * i][k], b, out[i]);
        }
    }
}

// sums[i][c] += Σ_j p[ty + 8i][j] · v[j, from + tx + 32c] over the j that row ty + 8i sees, `low` ≤ j0 + j ≤ `high`.
template <int C>
__device__ __forceinline__ void mixTile(float (*sums)[C], float (*p)[SIDE + 1], const float* v, Index stride, int count,
                                        int j0, const int* low, const int* high, int from, int d) {
    int tx = threadIdx.x % WARP, ty = threadIdx.x / WARP;
    for (int j = 0; j < count; j++)
#pragma unroll
        for (int c = 0; c < C; c++) {
            int column = from + tx + WARP * c;
            float b = column < d ? v[j * stride + column] : 0.0f;
#pragma unroll
            for (int i = 0; i < EACH; i++)
                if (j0 + j >= low[i] && j0 + j <= high[i]) sums[i][c] = fmaf(p[ty + WARPS * i][j], b, sums[i][c]);
        }
}

// The same for a tile of keys: sums[i][c] += Σ_q p[q][ty + 8i] · a[q, …] over the queries that see the key.
template <int C>
__device__ __forceinline__ void mixTileTransposed(float (*sums)[C], float (*p)[SIDE + 1], const float* a, Index stride,
                                                  int count, const View& view, int row0, int key0, int from, int d) {
    int tx = threadIdx.x % WARP, ty = threadIdx.x / WARP;
    for (int q = 0; q < count; q++) {
        int low = view.firstOf(row0 + q), high = view.last(row0 + q);
#pragma unroll
        for (int c = 0; c < C; c++) {
            int column = from + tx + WARP * c;
            float b = column < d ? a[q * stride + column] : 0.0f;
#pragma unroll
            for (int i = 0; i < EACH; i++) {
                int key = key0 + ty + WARPS * i;
                if (key >= low && key <= high) sums[i][c] = fmaf(p[q][ty + WARPS * i], b, sums[i][c]);
            }
        }
    }
}

// What the rows of a query tile see: `low` … `high` per row of this thread, and of all rows together.
struct Reach {
    int low[EACH], high[EACH], from, to;
    __device__ __forceinline__ Reach(const View& view, const QueryTile& tile) {
        for (int i = 0; i < EACH; i++) {
            int r = threadIdx.x / WARP + WARPS * i;
            low[i] = r < tile.count ? view.firstOf(tile.first + r) : 1;
            high[i] = r < tile.count ? view.last(tile.first + r) : 0;
        }
        from = view.firstOf(tile.first);
        to = view.last(tile.first + tile.count - 1) + 1;
    }
    __device__ __forceinline__ bool sees(int i, int key) const { return key >= low[i] && key <= high[i]; }
};

template <int C> __device__ __forceinline__ void clear(float (*sums)[C]) {
    for (int i = 0; i < EACH; i++) for (int c = 0; c < C; c++) sums[i][c] = 0;
}

// ── the three products ──────────────────────────────────────────────────────────────────────────────────────────────

// s[h, i, j] = c · ⟨a[i, h], b[j, kv(h)]⟩ of visible keys, else 0. Blocks: tile of keys, tile of queries, head.
KERNEL(score, float* s, const float* a, const float* b, const QueryTile* tiles, int H, int group, int d, int queries,
       int keys, int window, float c) {
    __shared__ float xs[SIDE][SIDE + 1], ys[SIDE][SIDE + 1];
    View view = {queries, keys, window};
    QueryTile tile = tiles[blockIdx.y];
    int h = blockIdx.z, j0 = blockIdx.x * SIDE, K = H / group, tx = threadIdx.x % WARP;
    Reach reach(view, tile);
    float out[EACH];
    pairs(out, a + ((Index)tile.at * H + h) * d, (Index)H * d, tile.count,
          b + (((Index)(tile.first / queries) * keys + j0) * K + h / group) * d, (Index)K * d, min(SIDE, keys - j0), d,
          xs, ys);
    if (j0 + tx >= keys) return;
    for (int i = 0; i < EACH; i++) {
        int r = threadIdx.x / WARP + WARPS * i;
        Index row = (Index)H * tile.runAt + (Index)h * tile.runLength + tile.offset + r;
        if (r < tile.count) s[row * keys + j0 + tx] = reach.sees(i, j0 + tx) ? c * out[i] : 0.0f;
    }
}

// z[i, h] = c · Σ_j p[h, i, j] · b[j, kv(h)]. Blocks: tile of queries, head, columns.
template <int C>
__device__ __forceinline__ void mixRows(float* z, const float* p, const float* b, const QueryTile* tiles, int H,
                                        int group, int d, const View& view, float c) {
    __shared__ float ps[SIDE][SIDE + 1];
    QueryTile tile = tiles[blockIdx.x];
    int h = blockIdx.y, K = H / group, from = blockIdx.z * WARP * C, tx = threadIdx.x % WARP, ty = threadIdx.x / WARP;
    Reach reach(view, tile);
    float sums[EACH][C];
    clear<C>(sums);
    for (int j0 = reach.from; j0 < reach.to; j0 += SIDE) {
        __syncthreads();
        for (int i = 0; i < EACH; i++) {
            Index row = (Index)H * tile.runAt + (Index)h * tile.runLength + tile.offset + ty + WARPS * i;
            ps[ty + WARPS * i][tx] = reach.sees(i, j0 + tx) ? p[row * view.keys + j0 + tx] : 0.0f;
        }
        __syncthreads();
        mixTile<C>(sums, ps, b + (((Index)(tile.first / view.queries) * view.keys + j0) * K + h / group) * d,
                   (Index)K * d, min(SIDE, reach.to - j0), j0, reach.low, reach.high, from, d);
    }
    for (int i = 0; i < EACH; i++)
        for (int k = 0; k < C; k++) {
            int r = ty + WARPS * i, column = from + tx + WARP * k;
            if (r < tile.count && column < d) z[((Index)(tile.at + r) * H + h) * d + column] = c * sums[i][k];
        }
}

// y[j, k] = c · Σ_{h: kv(h)=k} Σ_i p[h, i, j] · a[i, h]. Blocks: tile of keys, key head, columns.
template <int C>
__device__ __forceinline__ void mixKeys(float* y, const float* p, const float* a, const KeyTile* tiles, int H,
                                        int group, int d, const View& view, float c, int patternIsCotangent) {
    __shared__ float ps[SIDE][SIDE + 1];
    KeyTile tile = tiles[blockIdx.x];
    int kv = blockIdx.y, K = H / group, from = blockIdx.z * WARP * C, tx = threadIdx.x % WARP, ty = threadIdx.x / WARP;
    float sums[EACH][C];
    clear<C>(sums);
    for (int h = kv * group; h < (kv + 1) * group; h++)
        for (int q0 = 0; q0 < tile.length; q0 += SIDE) {
            int count = min(SIDE, tile.length - q0);
            if (view.last(tile.first + q0 + count - 1) < tile.from) continue;
            if (view.firstOf(tile.first + q0) >= tile.from + SIDE) break;
            __syncthreads();
            for (int i = 0; i < EACH; i++) {
                int q = q0 + ty + WARPS * i;
                Index row = patternIsCotangent ? (Index)H * tile.at + (Index)h * tile.length + q
                    : ((Index)(tile.first / view.queries) * H + h) * view.queries + tile.first % view.queries + q;
                ps[ty + WARPS * i][tx] = q < tile.length && tile.from + tx < view.keys
                    ? p[row * view.keys + tile.from + tx] : 0.0f;
            }
            __syncthreads();
            Index row = (patternIsCotangent ? tile.first : tile.at) + q0;
            mixTileTransposed<C>(sums, ps, a + (row * H + h) * d, (Index)H * d, count, view, tile.first + q0, tile.from,
                                 from, d);
        }
    for (int i = 0; i < EACH; i++)
        for (int k = 0; k < C; k++) {
            int j = tile.from + ty + WARPS * i, column = from + tx + WARP * k;
            if (j < tile.keys && column < d) y[((Index)(tile.start + j) * K + kv) * d + column] = c * sums[i][k];
        }
}

// ── attention in one piece: scores and patterns are computed tile by tile and never written ─────────────────────────

// Where the operands lie: rows of the keys of one sequence begin `keyStride` after those of the one before.
struct Operands {
    const float *q, *k, *v;
    int H, group, d, keyStride;
    float c;
    __device__ __forceinline__ const float* query(int row, int h) const { return q + ((Index)row * H + h) * d; }
    __device__ __forceinline__ Index key(int sequence, int j, int h) const {
        return (((Index)sequence * keyStride + j) * (H / group) + h / group) * d;
    }
    __device__ __forceinline__ Index wide() const { return (Index)H * d; }
    __device__ __forceinline__ Index narrow() const { return (Index)(H / group) * d; }
};

// exp(a − b), 1 where both are −∞: a row that has seen nothing yet.
__device__ __forceinline__ float rescale(float a, float b) { return b == -infinity() ? 1.0f : expf(a - b); }

// z = softmax(c · q kᵀ) v. Blocks: tile of queries, head, columns.
template <int C>
__device__ __forceinline__ void attendRows(float* z, const Operands& x, const QueryTile* tiles, const View& view) {
    __shared__ float xs[SIDE][SIDE + 1], ys[SIDE][SIDE + 1], ps[SIDE][SIDE + 1];
    QueryTile tile = tiles[blockIdx.x];
    int h = blockIdx.y, from = blockIdx.z * WARP * C, tx = threadIdx.x % WARP, ty = threadIdx.x / WARP;
    int sequence = tile.first / view.queries;
    Reach reach(view, tile);
    float sums[EACH][C], most[EACH], total[EACH], s[EACH];
    clear<C>(sums);
    for (int i = 0; i < EACH; i++) most[i] = -infinity(), total[i] = 0;
    for (int j0 = reach.from; j0 < reach.to; j0 += SIDE) {
        int count = min(SIDE, reach.to - j0);
        pairs(s, x.query(tile.first, h), x.wide(), tile.count, x.k + x.key(sequence, j0, h), x.narrow(), count, x.d, xs,
              ys);
        for (int i = 0; i < EACH; i++) {
            bool seen = reach.sees(i, j0 + tx);
            float score = x.c * s[i], now = fmaxf(most[i], warpMax(seen ? score : -infinity()));
            float p = seen ? expf(score - now) : 0.0f, factor = rescale(most[i], now);
            total[i] = total[i] * factor + warpSum(p);
            for (int k = 0; k < C; k++) sums[i][k] *= factor;
            most[i] = now;
            ps[ty + WARPS * i][tx] = p;
        }
        __syncthreads();
        mixTile<C>(sums, ps, x.v + x.key(sequence, j0, h), x.narrow(), count, j0, reach.low, reach.high, from, x.d);
    }
    for (int i = 0; i < EACH; i++)
        for (int k = 0; k < C; k++) {
            int r = ty + WARPS * i, column = from + tx + WARP * k;
            if (r < tile.count && column < x.d)
                z[((Index)(tile.first + r) * x.H + h) * x.d + column] = sums[i][k] / total[i];
        }
}

// Of a cotangent's row and head: greatest score, Σ of the softmax at 1 and at τ, mean of gP under the latter.
struct RowState { float most, total, totalTau, mean; };

// The row states. `held`: the pattern is held, so only the softmax at 1 is wanted. Blocks: tile of queries, head.
__device__ __forceinline__ void rowStates(RowState* states, const float* g, const Operands& x, const QueryTile* tiles,
                                             const View& view, float pattern, float inverseTau, int held) {
    __shared__ float xs[SIDE][SIDE + 1], ys[SIDE][SIDE + 1];
    QueryTile tile = tiles[blockIdx.x];
    int h = blockIdx.y, tx = threadIdx.x % WARP, ty = threadIdx.x / WARP, sequence = tile.first / view.queries;
    Reach reach(view, tile);
    float most[EACH], total[EACH], totalTau[EACH], mean[EACH], s[EACH], gp[EACH];
    for (int i = 0; i < EACH; i++) most[i] = -infinity(), total[i] = totalTau[i] = mean[i] = gp[i] = 0;
    for (int j0 = reach.from; j0 < reach.to; j0 += SIDE) {
        int count = min(SIDE, reach.to - j0);
        Index key = x.key(sequence, j0, h);
        pairs(s, x.query(tile.first, h), x.wide(), tile.count, x.k + key, x.narrow(), count, x.d, xs, ys);
        if (!held)
            pairs(gp, g + ((Index)tile.at * x.H + h) * x.d, x.wide(), tile.count, x.v + key, x.narrow(), count, x.d, xs,
                  ys);
        for (int i = 0; i < EACH; i++) {
            bool seen = reach.sees(i, j0 + tx);
            float score = x.c * s[i], now = fmaxf(most[i], warpMax(seen ? score : -infinity()));
            float factorTau = most[i] == -infinity() ? 0.0f : expf((most[i] - now) * inverseTau);
            float tau = seen ? expf((score - now) * inverseTau) : 0.0f;
            total[i] = total[i] * rescale(most[i], now) + warpSum(seen ? expf(score - now) : 0.0f);
            totalTau[i] = totalTau[i] * factorTau + warpSum(tau);
            mean[i] = mean[i] * factorTau + warpSum(seen ? tau * pattern * gp[i] : 0.0f);
            most[i] = now;
        }
    }
    for (int i = 0; i < EACH; i++) {
        int r = ty + WARPS * i;
        if (r < tile.count && tx == 0) {
            RowState state = {most[i], total[i], totalTau[i], mean[i] / totalTau[i]};
            states[(Index)(tile.at + r) * x.H + h] = state;
        }
    }
}

// What goes to q, and per row and head what stays, ⟨P, gP⟩ − ⟨S, gS⟩. Blocks: tile of queries, head, columns.
template <int C>
__device__ __forceinline__ void toQueries(float* toQ, float* leak, const RowState* states, const float* g,
                                                const Operands& x, const QueryTile* tiles, const View& view,
                                                float pattern, float scores, float inverseTau) {
    __shared__ float xs[SIDE][SIDE + 1], ys[SIDE][SIDE + 1], gs[SIDE][SIDE + 1];
    QueryTile tile = tiles[blockIdx.x];
    int h = blockIdx.y, from = blockIdx.z * WARP * C, tx = threadIdx.x % WARP, ty = threadIdx.x / WARP;
    int sequence = tile.first / view.queries;
    Reach reach(view, tile);
    float sums[EACH][C], stays[EACH], s[EACH], gp[EACH];
    RowState state[EACH];
    clear<C>(sums);
    for (int i = 0; i < EACH; i++) {
        stays[i] = 0;
        state[i] = states[(Index)(tile.at + min(ty + WARPS * i, tile.count - 1)) * x.H + h];
    }
    for (int j0 = reach.from; j0 < reach.to; j0 += SIDE) {
        int count = min(SIDE, reach.to - j0);
        Index key = x.key(sequence, j0, h);
        pairs(s, x.query(tile.first, h), x.wide(), tile.count, x.k + key, x.narrow(), count, x.d, xs, ys);
        pairs(gp, g + ((Index)tile.at * x.H + h) * x.d, x.wide(), tile.count, x.v + key, x.narrow(), count, x.d, xs,
              ys);
        for (int i = 0; i < EACH; i++) {
            float share = 0;
            if (reach.sees(i, j0 + tx)) {
                float score = x.c * s[i], toP = pattern * gp[i], above = score - state[i].most;
                share = expf(above * inverseTau) / state[i].totalTau * (toP - state[i].mean);
                stays[i] += toP * expf(above) / state[i].total - share * score;
            }
            gs[ty + WARPS * i][tx] = share;
        }
        __syncthreads();
        mixTile<C>(sums, gs, x.k + key, x.narrow(), count, j0, reach.low, reach.high, from, x.d);
    }
    for (int i = 0; i < EACH; i++) {
        int r = ty + WARPS * i;
        float sum = warpSum(stays[i]);
        if (r < tile.count && tx == 0 && blockIdx.z == 0) leak[(Index)(tile.at + r) * x.H + h] = sum;
        for (int k = 0; k < C; k++) {
            int column = from + tx + WARP * k;
            if (r < tile.count && column < x.d)
                toQ[((Index)(tile.at + r) * x.H + h) * x.d + column] = scores * x.c * sums[i][k];
        }
    }
}

// What goes to k and v. Blocks: tile of keys, key head, columns.
template <int C>
__device__ __forceinline__ void toKeys(float* toK, float* toV, const RowState* states, const float* g,
                                             const Operands& x, const KeyTile* tiles, const View& view, float values,
                                             float pattern, float scores, float inverseTau, int held) {
    __shared__ float xs[SIDE][SIDE + 1], ys[SIDE][SIDE + 1], ps[SIDE][SIDE + 1], gs[SIDE][SIDE + 1];
    KeyTile tile = tiles[blockIdx.x];
    int kv = blockIdx.y, from = blockIdx.z * WARP * C, tx = threadIdx.x % WARP, ty = threadIdx.x / WARP;
    int sequence = tile.first / view.queries, keys = min(SIDE, tile.keys - tile.from);
    float sumsK[EACH][C], sumsV[EACH][C], s[EACH], gp[EACH];
    clear<C>(sumsK);
    clear<C>(sumsV);
    for (int h = kv * x.group; h < (kv + 1) * x.group; h++) {
        Index key = x.key(sequence, tile.from, h);
        for (int q0 = 0; q0 < tile.length; q0 += SIDE) {
            int count = min(SIDE, tile.length - q0), row = tile.first + q0;
            if (view.last(row + count - 1) < tile.from) continue;
            if (view.firstOf(row) >= tile.from + SIDE) break;
            const float* cotangent = g + ((Index)(tile.at + q0) * x.H + h) * x.d;
            pairs(s, x.query(row, h), x.wide(), count, x.k + key, x.narrow(), keys, x.d, xs, ys);
            if (!held) pairs(gp, cotangent, x.wide(), count, x.v + key, x.narrow(), keys, x.d, xs, ys);
            for (int i = 0; i < EACH; i++) {
                int r = ty + WARPS * i, j = tile.from + tx;
                float p = 0, share = 0;
                if (r < count && j >= view.firstOf(row + r) && j <= view.last(row + r)) {
                    RowState state = states[(Index)(tile.at + q0 + r) * x.H + h];
                    float above = x.c * s[i] - state.most;
                    p = expf(above) / state.total;
                    if (!held) share = expf(above * inverseTau) / state.totalTau * (pattern * gp[i] - state.mean);
                }
                ps[r][tx] = p;
                gs[r][tx] = share;
            }
            __syncthreads();
            mixTileTransposed<C>(sumsV, ps, cotangent, x.wide(), count, view, row, tile.from, from, x.d);
            if (!held)
                mixTileTransposed<C>(sumsK, gs, x.query(row, h), x.wide(), count, view, row, tile.from, from, x.d);
        }
    }
    for (int i = 0; i < EACH; i++)
        for (int c = 0; c < C; c++) {
            int j = tile.from + ty + WARPS * i, column = from + tx + WARP * c;
            if (j >= tile.keys || column >= x.d) continue;
            Index at = ((Index)(tile.start + j) * (x.H / x.group) + kv) * x.d + column;
            toV[at] = values * sumsV[i][c];
            if (!held) toK[at] = scores * x.c * sumsK[i][c];
        }
}

// ── entries: results of up to 64 and of more columns ────────────────────────────────────────────────────────────────

#define OPERANDS const float *q, const float *k, const float *v, int H, int group, int d, int keyStride, float c
#define VIEW int queries, int keys, int window
#define WITH_OPERANDS Operands x = {q, k, v, H, group, d, keyStride, c}; View view = {queries, keys, window};

#define ENTRIES(suffix, C)                                                                                            \
    KERNEL(mix##suffix, float* z, const float* p, const float* b, const QueryTile* tiles, int H, int group, int d,    \
           VIEW, float c) {                                                                                           \
        View view = {queries, keys, window};                                                                          \
        mixRows<C>(z, p, b, tiles, H, group, d, view, c);                                                             \
    }                                                                                                                 \
    KERNEL(mixTransposed##suffix, float* y, const float* p, const float* a, const KeyTile* tiles, int H, int group,   \
           int d, VIEW, float c, int patternIsCotangent) {                                                            \
        View view = {queries, keys, window};                                                                          \
        mixKeys<C>(y, p, a, tiles, H, group, d, view, c, patternIsCotangent);                                         \
    }                                                                                                                 \
    KERNEL(attend##suffix, float* z, OPERANDS, const QueryTile* tiles, VIEW) {                                        \
        WITH_OPERANDS                                                                                                 \
        attendRows<C>(z, x, tiles, view);                                                                             \
    }                                                                                                                 \
    KERNEL(attendToQueries##suffix, float* toQ, float* leak, const RowState* states, const float* g, OPERANDS,        \
           const QueryTile* tiles, VIEW, float pattern, float scores, float inverseTau) {                             \
        WITH_OPERANDS                                                                                                 \
        toQueries<C>(toQ, leak, states, g, x, tiles, view, pattern, scores, inverseTau);                        \
    }                                                                                                                 \
    KERNEL(attendToKeys##suffix, float* toK, float* toV, const RowState* states, const float* g, OPERANDS,            \
           const KeyTile* tiles, VIEW, float values, float pattern, float scores, float inverseTau, int held) {       \
        WITH_OPERANDS                                                                                                 \
        toKeys<C>(toK, toV, states, g, x, tiles, view, values, pattern, scores, inverseTau, held);              \
    }

ENTRIES(Narrow, 2)
ENTRIES(Wide, 4)

KERNEL(attendStates, RowState* states, const float* g, OPERANDS, const QueryTile* tiles, VIEW, float pattern,
       float inverseTau, int held) {
    WITH_OPERANDS
    rowStates(states, g, x, tiles, view, pattern, inverseTau, held);
}
