// Element by element: one thread each. g has rows of its own, x those that `face` names.
#pragma once
#include "common.cuh"

KERNEL(add, float* y, const float* a, const float* b, Index n) {
    Index i = element();
    if (i < n) y[i] = a[i] + b[i];
}

KERNEL(scale, float* y, const float* x, float c, Index n) {
    Index i = element();
    if (i < n) y[i] = c * x[i];
}

KERNEL(mul, float* y, const float* g, const float* x, const int* face, int C, Index n) {
    Index i = element();
    if (i < n) y[i] = g[i] * x[faced(face, i / C) * C + i % C];
}

KERNEL(part, float* y, const float* x, int which, Index n) {
    Index i = element();
    if (i < n) y[i] = partOf(x[i], which);
}

KERNEL(ratio, float* y, const float* g, const float* z, const float* u, float eps, const int* face, int C, Index n) {
    Index i = element();
    if (i >= n) return;
    Index j = faced(face, i / C) * C + i % C;
    float stable = u[j] < 0 ? u[j] - eps : u[j] + eps;
    y[i] = z[j] == 0 ? 0.0f : g[i] * z[j] / stable;
}

KERNEL(where, float* y, const float* g, const float* z, int which, const int* face, int C, Index n) {
    Index i = element();
    if (i < n) y[i] = which == PART_ALL || partOf(z[faced(face, i / C) * C + i % C], which) != 0 ? g[i] : 0.0f;
}

KERNEL(choose, float* y, const float* x, const float* a, const float* b, const int* face, int C, Index n) {
    Index i = element();
    if (i < n) y[i] = x[faced(face, i / C) * C + i % C] >= 0 ? a[i] : b[i];
}

KERNEL(addToRows, float* y, const float* x, const float* b, int C, Index n) {
    Index i = element();
    if (i < n) y[i] = x[i] + b[i % C];
}

KERNEL(scaleCols, float* y, const float* x, const float* w, int C, Index n) {
    Index i = element();
    if (i < n) y[i] = x[i] * w[i % C];
}

KERNEL(scaleRows, float* y, const float* g, const float* s, const int* face, int C, Index n) {
    Index i = element();
    if (i < n) y[i] = g[i] * s[faced(face, i / C)];
}

// Of every head's `width` columns the first 2·half turn, columns i and i + half together.
KERNEL(rotate, float* y, const float* g, const float* cosine, const float* sine, const int* face, int C, int half,
       int width, Index n) {
    Index i = element();
    if (i >= n) return;
    int c = (int)(i % C) % width;
    if (c >= 2 * half) {
        y[i] = g[i];
        return;
    }
    Index t = faced(face, i / C) * half + c % half;
    y[i] = c < half ? g[i] * cosine[t] - g[i + half] * sine[t] : g[i] * cosine[t] + g[i - half] * sine[t];
}

// y[r] = table[ids[r]].
KERNEL(gather, float* y, const void* table, int type, const float* scales, const int* ids, int C, Index n) {
    Index i = element();
    if (i < n) y[i] = weightAt(table, type, scales, (Index)ids[i / C] * C + i % C);
}

// ── activations, as the enums Activation and Curve are ordered ──────────────────────────────────────────────────────

#define GELU 0
#define GELU_NEW 1
#define SILU 2
#define RELU 3
#define TANH 4

#define VALUE 0
#define SLOPE 1
#define GATE 2

#define ROOT_2_PI 0.7978845608028654f                    // √(2/π)
#define CUBIC 0.044715f

__device__ __forceinline__ float gate(int f, float x) {
    switch (f) {
        case GELU:     return 0.5f * erfcf(-x * 0.70710678118654752f);
        case GELU_NEW: return 1 / (1 + expf(-2 * ROOT_2_PI * (x + CUBIC * x * x * x)));
        case SILU:     return 1 / (1 + expf(-x));
        case RELU:     return x > 0 ? 1.0f : x == x ? 0.0f : x;
        default:       return fabsf(x) < 1e-2f ? 1 - x * x / 3 + 2 * x * x * x * x / 15 : tanhf(x) / x;
    }
}

// σ(u)·σ(−u), without a difference that cancels where σ is nearly 1.
__device__ __forceinline__ float both(float u) {
    float a = expf(-fabsf(u));
    return a / ((1 + a) * (1 + a));
}

__device__ __forceinline__ float slope(int f, float x) {
    float y = gate(f, x);
    switch (f) {
        case GELU:     return y + x * expf(-x * x / 2) * 0.3989422804014327f;
        case GELU_NEW:
            return y + 2 * x * both(2 * ROOT_2_PI * (x + CUBIC * x * x * x)) * ROOT_2_PI * (1 + 3 * CUBIC * x * x);
        case SILU:     return y + x * both(x);
        case RELU:     return y;
        default:       return 1 - tanhf(x) * tanhf(x);
    }
}

KERNEL(curve, float* y, const float* x, int f, int which, Index n) {
    Index i = element();
    if (i >= n) return;
    float v = x[i];
    y[i] = which == SLOPE ? slope(f, v) : which == GATE ? gate(f, v) : f == TANH ? tanhf(v) : v * gate(f, v);
}
