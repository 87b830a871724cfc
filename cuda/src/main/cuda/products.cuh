// y[m, n] = Σ_k a[m, k] · part(b[n, k]), any strides, b of any type: products with weights, forward and backward.
//
// Every output is one chain of fused multiply-adds in the order of k; a split of k makes one chain per split, which
// `addSplits` adds in order. So the bits do not depend on the device.
#pragma once
#include "common.cuh"

#define STEP 16

// A tile of M × N outputs by 256 threads: operands come into shared memory as floats, 16 steps of k at a time, and the
// next ones are on their way from memory while these are used.
template <int M, int N>
__device__ __forceinline__ void product(float* y, Index ym, const float* a, Index am, Index ak, const void* b, int type,
                                        const float* scales, Index b0, Index bn, Index bk, int part, int rows,
                                        int cols, int K, int depth, Index ySplit) {
    constexpr int ACROSS = N / 16, DOWN = M / 16, A_EACH = M * STEP / THREADS, B_EACH = N * STEP / THREADS;
    __shared__ float as[STEP][M + 4], bs[STEP][N + 4];
    int m0 = blockIdx.y * M, n0 = blockIdx.x * N, kFrom = blockIdx.z * depth, kTo = min(K, kFrom + depth);
    int tx = threadIdx.x % 16, ty = threadIdx.x / 16;
    float sums[DOWN][ACROSS], nextA[A_EACH], nextB[B_EACH];
#pragma unroll
    for (int i = 0; i < DOWN; i++)
#pragma unroll
        for (int j = 0; j < ACROSS; j++) sums[i][j] = 0;

    for (int k0 = kFrom - STEP; k0 < kTo; k0 += STEP) {
        if (k0 >= kFrom) {
            __syncthreads();
#pragma unroll
            for (int i = 0; i < A_EACH; i++) {
                int e = threadIdx.x + i * THREADS;
                if (ak == 1) as[e % STEP][e / STEP] = nextA[i]; else as[e / M][e % M] = nextA[i];
            }
#pragma unroll
            for (int i = 0; i < B_EACH; i++) {
                int e = threadIdx.x + i * THREADS;
                if (bk == 1) bs[e % STEP][e / STEP] = nextB[i]; else bs[e / N][e % N] = nextB[i];
            }
            __syncthreads();
        }
#pragma unroll
        for (int i = 0; i < A_EACH; i++) {
            int e = threadIdx.x + i * THREADS, k = k0 + STEP + (ak == 1 ? e % STEP : e / M);
            int m = m0 + (ak == 1 ? e / STEP : e % M);
            nextA[i] = k < kTo && m < rows ? a[m * am + k * ak] : 0.0f;
        }
#pragma unroll
        for (int i = 0; i < B_EACH; i++) {
            int e = threadIdx.x + i * THREADS, k = k0 + STEP + (bk == 1 ? e % STEP : e / N);
            int n = n0 + (bk == 1 ? e / STEP : e % N);
            nextB[i] = k < kTo && n < cols ? partOf(weightAt(b, type, scales, b0 + n * bn + k * bk), part) : 0.0f;
        }
        if (k0 < kFrom) continue;
#pragma unroll 4
        for (int k = 0; k < STEP; k++) {
            float left[DOWN], right[ACROSS];
#pragma unroll
            for (int i = 0; i < DOWN; i++) left[i] = as[k][ty + 16 * i];
#pragma unroll
            for (int j = 0; j < ACROSS; j++) right[j] = bs[k][tx + 16 * j];
#pragma unroll
            for (int i = 0; i < DOWN; i++)
#pragma unroll
                for (int j = 0; j < ACROSS; j++) sums[i][j] = fmaf(left[i], right[j], sums[i][j]);
        }
    }
    for (int i = 0; i < DOWN; i++)
        for (int j = 0; j < ACROSS; j++) {
            int m = m0 + ty + 16 * i, n = n0 + tx + 16 * j;
            if (m < rows && n < cols) y[blockIdx.z * ySplit + m * ym + n] = sums[i][j];
        }
}

#define PRODUCT_ARGUMENTS                                                                                             \
    float *y, Index ym, const float *a, Index am, Index ak, const void *b, int type, const float *scales, Index b0,   \
        Index bn, Index bk, int part, int rows, int cols, int K, int depth, Index ySplit

KERNEL(productSmall, PRODUCT_ARGUMENTS) {
    product<32, 32>(y, ym, a, am, ak, b, type, scales, b0, bn, bk, part, rows, cols, K, depth, ySplit);
}

KERNEL(productMiddle, PRODUCT_ARGUMENTS) {
    product<64, 64>(y, ym, a, am, ak, b, type, scales, b0, bn, bk, part, rows, cols, K, depth, ySplit);
}

KERNEL(productLarge, PRODUCT_ARGUMENTS) {
    product<128, 128>(y, ym, a, am, ak, b, type, scales, b0, bn, bk, part, rows, cols, K, depth, ySplit);
}

#define FEW 8

// The same for at most eight rows of a and weights that lie along k, as in a decoding step: a warp per output column,
// its lanes along k.
KERNEL(productFew, float* y, Index ym, const float* a, Index am, const void* b, int type, const float* scales, Index b0,
       Index bn, int part, int rows, int cols, int K) {
    int lane = threadIdx.x % WARP;
    Index n = (Index)blockIdx.x * WARPS + threadIdx.x / WARP;
    if (n >= cols) return;
    float sums[FEW];
#pragma unroll
    for (int m = 0; m < FEW; m++) sums[m] = 0;
#pragma unroll 4
    for (int k = lane; k < K; k += WARP) {
        float w = partOf(weightAt(b, type, scales, b0 + n * bn + k), part);
#pragma unroll
        for (int m = 0; m < FEW; m++) if (m < rows) sums[m] = fmaf(a[m * am + k], w, sums[m]);
    }
#pragma unroll
    for (int m = 0; m < FEW; m++)
        if (m < rows) {
            float sum = warpSum(sums[m]);
            if (lane == 0) y[m * ym + n] = sum;
        }
}

// y[m, n] = Σ_s splits[s, m, n], in the order of s.
KERNEL(addSplits, float* y, Index ym, const float* splits, int count, int rows, int cols) {
    Index i = element(), n = (Index)rows * cols;
    if (i >= n) return;
    float sum = 0;
    for (int s = 0; s < count; s++) sum += splits[s * n + i];
    y[i / cols * ym + i % cols] = sum;
}
