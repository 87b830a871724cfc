// Row by row: one block each, its threads side by side along the columns.
#pragma once
#include "common.cuh"

KERNEL(centreRows, float* y, const float* x, int C) {
    __shared__ float held[WARPS];
    const float* row = x + (Index)blockIdx.x * C;
    float sum = 0;
    for (int c = threadIdx.x; c < C; c += THREADS) sum += row[c];
    float mean = blockSum(sum, held) / C;
    for (int c = threadIdx.x; c < C; c += THREADS) y[(Index)blockIdx.x * C + c] = row[c] - mean;
}

KERNEL(rmsScale, float* s, const float* x, float eps, int C) {
    __shared__ float held[WARPS];
    const float* row = x + (Index)blockIdx.x * C;
    float sum = 0;
    for (int c = threadIdx.x; c < C; c += THREADS) sum = fmaf(row[c], row[c], sum);
    sum = blockSum(sum, held);
    if (threadIdx.x == 0) s[blockIdx.x] = 1 / sqrtf(sum / C + eps);
}

// g − x·s²·mean(g·x), s of the row that is faced.
KERNEL(rowProjection, float* y, const float* g, const float* x, const float* s, const int* face, int C) {
    __shared__ float held[WARPS];
    Index r = faced(face, blockIdx.x);
    const float *a = g + (Index)blockIdx.x * C, *b = x + r * C;
    float sum = 0;
    for (int c = threadIdx.x; c < C; c += THREADS) sum = fmaf(a[c], b[c], sum);
    float share = s[r] * s[r] * blockSum(sum, held) / C;
    for (int c = threadIdx.x; c < C; c += THREADS) y[(Index)blockIdx.x * C + c] = a[c] - b[c] * share;
}

// Σ over rows: a block has 32 columns, its warps take the rows in turn.
KERNEL(sumRows, float* y, const float* g, Index R, int C) {
    __shared__ float held[WARPS][WARP];
    int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, c = blockIdx.x * WARP + lane;
    float sum = 0;
    if (c < C) for (Index r = warp; r < R; r += WARPS) sum += g[r * C + c];
    held[warp][lane] = sum;
    __syncthreads();
    if (warp > 0 || c >= C) return;
    sum = 0;
    for (int w = 0; w < WARPS; w++) sum += held[w][lane];
    y[c] = sum;
}

// y[target[t]] = Σ of the rows list[start[t]] … list[start[t+1]−1] of g, in that order.
KERNEL(scatter, float* y, const float* g, const int* target, const int* start, const int* list, int C) {
    int c = blockIdx.y * THREADS + threadIdx.x;
    if (c >= C) return;
    float sum = 0;
    for (int i = start[blockIdx.x]; i < start[blockIdx.x + 1]; i++) sum += g[(Index)list[i] * C + c];
    y[(Index)target[blockIdx.x] * C + c] = sum;
}

// Per chunk {at, first, rows}: Σ g[at + i, c] · x[first + i, c] in double; a row for all where `step` is 0.
KERNEL(dot, double* sums, const float* g, const float* x, const int* chunks, int C, int step) {
    __shared__ double held[THREADS];
    const int* chunk = chunks + 3 * (Index)blockIdx.x;
    Index n = (Index)chunk[2] * C;
    const float *a = g + (Index)chunk[0] * C, *b = x + (Index)chunk[1] * step;
    double sum = 0;
    for (Index i = threadIdx.x; i < n; i += THREADS) sum += (double)a[i] * (double)b[step ? i : i % C];
    held[threadIdx.x] = sum;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) held[threadIdx.x] += held[threadIdx.x + half];
    }
    if (threadIdx.x == 0) sums[blockIdx.x] = held[0];
}

// Softmax of s·inverse over the keys that query `row % queries` sees, 0 elsewhere.
KERNEL(softmax, float* y, const float* s, float inverse, int queries, int keys, int window) {
    __shared__ float held[WARPS];
    int last = keys - queries + (int)(blockIdx.x % queries), first = max(0, last - window + 1);
    const float* row = s + (Index)blockIdx.x * keys;
    float* out = y + (Index)blockIdx.x * keys;
    float most = -infinity(), sum = 0;
    for (int j = first + threadIdx.x; j <= last; j += THREADS) most = fmaxf(most, row[j]);
    most = blockMax(most, held);
    for (int j = first + threadIdx.x; j <= last; j += THREADS) sum += expf((row[j] - most) * inverse);
    sum = blockSum(sum, held);
    for (int j = threadIdx.x; j < keys; j += THREADS)
        out[j] = j < first || j > last ? 0.0f : expf((row[j] - most) * inverse) / sum;
}

// p ⊙ (g − ⟨p, g⟩).
KERNEL(softmaxBackward, float* y, const float* g, const float* p, const int* face, int C) {
    __shared__ float held[WARPS];
    const float *a = g + (Index)blockIdx.x * C, *w = p + faced(face, blockIdx.x) * C;
    float sum = 0;
    for (int c = threadIdx.x; c < C; c += THREADS) sum = fmaf(w[c], a[c], sum);
    sum = blockSum(sum, held);
    for (int c = threadIdx.x; c < C; c += THREADS) y[(Index)blockIdx.x * C + c] = w[c] * (a[c] - sum);
}
