// The products of products.cuh on tensor cores, from compute capability 8.0 on.
//
// Tensor cores multiply numbers of 11 (tf32) or 8 (bf16) significant bits exactly and add in float. A float has 24, so
// it is cut into parts: a bf16 weight is one bf16, a float three of them, with nothing lost; an f16 weight is one tf32,
// a float two, its last bit rounded. The products of all parts that matter are added, so the result is as good as a
// float's. TF32 alone (`rough`) takes one part of each: three decimal digits.
//
// The unit adds with truncation; so it gets 16 steps at a time, from zero, and their sums are added here.
#pragma once
#include "common.cuh"
#include "products.cuh"

#define TILE 64

#ifdef CLEW_HOST
// Provided by host.h: tf32, multiplyTf32, multiplyBf16.
#else
// To the nearest tf32, ties away from zero.
__device__ __forceinline__ unsigned tf32(float x) {
    unsigned r;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(r) : "f"(x));
    return r;
}

__device__ __forceinline__ void multiplyTf32(float* c, const unsigned* a, const unsigned* b) {
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

__device__ __forceinline__ void multiplyBf16(float* c, const unsigned* a, const unsigned* b) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#endif

// Two floats of eight significant bits as a pair of bf16, the first in the low half; takes them off the floats.
__device__ __forceinline__ unsigned takePair(float* first, float* second) {
    unsigned low = __float_as_uint(*first) & 0xffff0000u, high = __float_as_uint(*second) & 0xffff0000u;
    *first -= __uint_as_float(low);
    *second -= __uint_as_float(high);
    return low >> 16 | high;
}

// The tf32 nearest to *x; takes it off *x.
__device__ __forceinline__ unsigned take(float* x) {
    unsigned t = tf32(*x);
    *x -= __uint_as_float(t);
    return t;
}

// 16 steps in tf32: outputs of 16 rows from m and 8 columns from n of the tile. `aParts` and `bParts` are 1 or 2.
__device__ __forceinline__ void stepTf32(float* c, float (*as)[TILE + 4], float (*bs)[TILE + 4], int m, int n,
                                         int aParts, int bParts) {
    int g = threadIdx.x % WARP / 4, t = threadIdx.x % 4;
#pragma unroll
    for (int k = 0; k < STEP; k += 8) {
        float x[4] = {as[k + t][m + g], as[k + t][m + g + 8], as[k + t + 4][m + g], as[k + t + 4][m + g + 8]};
        float w[2] = {bs[k + t][n + g], bs[k + t + 4][n + g]};
        unsigned xHigh[4], wHigh[2];
        for (int i = 0; i < 4; i++) xHigh[i] = take(x + i);
        for (int i = 0; i < 2; i++) wHigh[i] = take(w + i);
        if (aParts > 1) {
            unsigned xLow[4];
            for (int i = 0; i < 4; i++) xLow[i] = tf32(x[i]);
            multiplyTf32(c, xLow, wHigh);
        }
        if (bParts > 1) {
            unsigned wLow[2];
            for (int i = 0; i < 2; i++) wLow[i] = tf32(w[i]);
            multiplyTf32(c, xHigh, wLow);
        }
        multiplyTf32(c, xHigh, wHigh);
    }
}

// 16 steps with bf16 weights: the three parts of a, the smallest first.
__device__ __forceinline__ void stepBf16(float* c, float (*as)[TILE + 4], float (*bs)[TILE + 4], int m, int n) {
    int g = threadIdx.x % WARP / 4, t = 2 * (threadIdx.x % 4);
    unsigned w[2], x[3][4];
    for (int i = 0; i < 2; i++) {
        float first = bs[t + 8 * i][n + g], second = bs[t + 8 * i + 1][n + g];
        w[i] = takePair(&first, &second);
    }
    for (int i = 0; i < 4; i++) {
        int row = m + g + 8 * (i % 2), k = t + 8 * (i / 2);
        float first = as[k][row], second = as[k + 1][row];
        for (int p = 0; p < 3; p++) x[p][i] = takePair(&first, &second);
    }
    for (int p = 2; p >= 0; p--) multiplyBf16(c, x[p], w);
}

KERNEL(productTensor, PRODUCT_ARGUMENTS, int rough) {
    __shared__ float as[STEP][TILE + 4], bs[STEP][TILE + 4];
    constexpr int LOADS = TILE * STEP / THREADS;
    int m0 = blockIdx.y * TILE, n0 = blockIdx.x * TILE, kFrom = blockIdx.z * depth, kTo = min(K, kFrom + depth);
    int warp = threadIdx.x / WARP, mWarp = warp / 4 * 32, nWarp = warp % 4 * 16;
    int aParts = rough ? 1 : 2, bParts = rough || type == TYPE_F16 ? 1 : 2;
    float sums[2][2][4], nextA[LOADS], nextB[LOADS];
    for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) for (int e = 0; e < 4; e++) sums[i][j][e] = 0;

    for (int k0 = kFrom - STEP; k0 < kTo; k0 += STEP) {
        if (k0 >= kFrom) {
            __syncthreads();
#pragma unroll
            for (int i = 0; i < LOADS; i++) {
                int e = threadIdx.x + i * THREADS;
                if (ak == 1) as[e % STEP][e / STEP] = nextA[i]; else as[e / TILE][e % TILE] = nextA[i];
                if (bk == 1) bs[e % STEP][e / STEP] = nextB[i]; else bs[e / TILE][e % TILE] = nextB[i];
            }
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            int e = threadIdx.x + i * THREADS;
            int kA = k0 + STEP + (ak == 1 ? e % STEP : e / TILE), m = m0 + (ak == 1 ? e / STEP : e % TILE);
            int kB = k0 + STEP + (bk == 1 ? e % STEP : e / TILE), n = n0 + (bk == 1 ? e / STEP : e % TILE);
            nextA[i] = kA < kTo && m < rows ? a[m * am + kA * ak] : 0.0f;
            nextB[i] = kB < kTo && n < cols ? partOf(weightAt(b, type, scales, b0 + n * bn + kB * bk), part) : 0.0f;
        }
        if (k0 < kFrom) continue;
#pragma unroll
        for (int i = 0; i < 2; i++)
#pragma unroll
            for (int j = 0; j < 2; j++) {
                float c[4] = {0, 0, 0, 0};
                if (type == TYPE_BF16 && !rough) stepBf16(c, as, bs, mWarp + 16 * i, nWarp + 8 * j);
                else stepTf32(c, as, bs, mWarp + 16 * i, nWarp + 8 * j, aParts, bParts);
                for (int e = 0; e < 4; e++) sums[i][j][e] += c[e];
            }
    }
    int g = threadIdx.x % WARP / 4, t = threadIdx.x % 4;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            for (int e = 0; e < 4; e++) {
                int m = m0 + mWarp + 16 * i + g + 8 * (e / 2), n = n0 + nWarp + 8 * j + 2 * t + e % 2;
                if (m < rows && n < cols) y[blockIdx.z * ySplit + m * ym + n] = sums[i][j][e];
            }
}
