// What every kernel uses. The same text compiles as CUDA C and, with host.h before it, as C++ for the processor.
#pragma once

#ifndef CLEW_HOST
#define KERNEL(name, ...) extern "C" __global__ void name(__VA_ARGS__)
#endif

typedef long long Index;

#define THREADS 256
#define WARP 32
#define WARPS (THREADS / WARP)
#define ALL_LANES 0xffffffffu

// Which activation row cotangent row n faces; without a table itself.
__device__ __forceinline__ Index faced(const int* face, Index n) { return face ? face[n] : n; }

__device__ __forceinline__ Index element() { return (Index)blockIdx.x * THREADS + threadIdx.x; }

__device__ __forceinline__ float infinity() { return __int_as_float(0x7f800000); }

// ── parts, as the enum Part is ordered ──────────────────────────────────────────────────────────────────────────────

#define PART_ALL 0
#define PART_POSITIVE 1
#define PART_NEGATIVE 2

// max(v, 0) or min(v, 0); a NaN stays one.
__device__ __forceinline__ float partOf(float v, int part) {
    if (part == PART_POSITIVE) return v < 0 ? 0.0f : v;
    if (part == PART_NEGATIVE) return v > 0 ? 0.0f : v;
    return v;
}

// ── weights as they lie in storage ──────────────────────────────────────────────────────────────────────────────────

#define TYPE_F32 0
#define TYPE_BF16 1
#define TYPE_F16 2
#define TYPE_INT8 3
#define TYPE_NF4 4

__constant__ float NF4[16] = {
    -1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
    -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f,
    0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
    0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f};

__device__ __forceinline__ float bf16(unsigned short h) { return __uint_as_float((unsigned)h << 16); }

// By bits, subnormals included: moving the exponent's bias is a product with a power of two.
__device__ __forceinline__ float f16(unsigned short h) {
    unsigned magnitude = (unsigned)(h & 0x7fff) << 13;
    float v = magnitude >= 0x0f800000u ? __uint_as_float(magnitude | 0x7f800000u)
                                       : __uint_as_float(magnitude) * 5.192296858534828e33f;     // 2^112
    return h & 0x8000 ? -v : v;
}

// Blocks of 64 elements share a scale; in a byte of NF4 lie the elements b and b + 32 of a block.
__device__ __forceinline__ float weightAt(const void* w, int type, const float* scales, Index i) {
    switch (type) {
        case TYPE_BF16: return bf16(((const unsigned short*)w)[i]);
        case TYPE_F16:  return f16(((const unsigned short*)w)[i]);
        case TYPE_INT8: return (float)((const signed char*)w)[i] * scales[i >> 6];
        case TYPE_NF4: {
            int e = (int)(i & 63);
            unsigned char code = ((const unsigned char*)w)[(i >> 6) * 32 + (e & 31)];
            return NF4[e < 32 ? code & 15 : code >> 4] * scales[i >> 6];
        }
        default: return ((const float*)w)[i];
    }
}

// ── sums over a warp and over a block, always in the same order ─────────────────────────────────────────────────────

#ifndef CLEW_HOST                                        // host.h has the same in one step
__device__ __forceinline__ float warpSum(float v) {
    for (int step = WARP / 2; step > 0; step /= 2) v += __shfl_xor_sync(ALL_LANES, v, step);
    return v;
}

__device__ __forceinline__ float warpMax(float v) {
    for (int step = WARP / 2; step > 0; step /= 2) v = fmaxf(v, __shfl_xor_sync(ALL_LANES, v, step));
    return v;
}
#endif

// For all threads of the block; `held` has one place per warp.
__device__ __forceinline__ float blockSum(float v, float* held) {
    v = warpSum(v);
    __syncthreads();
    if (threadIdx.x % WARP == 0) held[threadIdx.x / WARP] = v;
    __syncthreads();
    float sum = 0;
    for (int w = 0; w < WARPS; w++) sum += held[w];
    return sum;
}

__device__ __forceinline__ float blockMax(float v, float* held) {
    v = warpMax(v);
    __syncthreads();
    if (threadIdx.x % WARP == 0) held[threadIdx.x / WARP] = v;
    __syncthreads();
    float max = held[0];
    for (int w = 1; w < WARPS; w++) max = fmaxf(max, held[w]);
    return max;
}
