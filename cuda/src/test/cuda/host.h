// CUDA C for the processor, as far as the kernels need it: each block's threads are fibres of one thread, which take
// turns at barriers, in another order at every launch, so that a missing barrier shows. Correct, not fast: it is for
// tests.
#pragma once
#include <cmath>
#include <csetjmp>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ucontext.h>

#define CLEW_HOST
#define __device__
#define __global__
#define __constant__ static const
#define __shared__ static
#define __forceinline__ inline
#define __restrict__

struct Dim3 { unsigned x, y, z; };
static Dim3 blockIdx, gridDim, threadIdx;

using std::abs;
static inline int max(int a, int b) { return a > b ? a : b; }
static inline int min(int a, int b) { return a < b ? a : b; }

static inline float __int_as_float(int i) { float f; memcpy(&f, &i, 4); return f; }
static inline float __uint_as_float(unsigned i) { float f; memcpy(&f, &i, 4); return f; }
static inline unsigned __float_as_uint(float f) { unsigned i; memcpy(&i, &f, 4); return i; }

// ── fibres ──────────────────────────────────────────────────────────────────────────────────────────────────────────

namespace fibres {
const int MOST = 256, LANES = 32, STACK = 64 << 10;

// Everybody waits until all who are still running have come.
struct Barrier { int come = 0, expected = 0; unsigned long generation = 0; };

struct Fibre { ucontext_t start; jmp_buf at; bool begun, done; };

static Fibre fibre[MOST];
static char* stacks;
static Barrier block, warps[MOST / LANES];
static unsigned exchange[MOST / LANES][LANES][8];
static int count, current, stride = 1;
static jmp_buf home;
static void (*body)(void*);
static void* bodyArgument;

static void resume(int i) {
    current = i;
    threadIdx = {(unsigned)i, 0, 0};
    if (fibre[i].begun) _longjmp(fibre[i].at, 1);
    fibre[i].begun = true;
    setcontext(&fibre[i].start);
}

// Gives the turn to the next fibre that has not ended.
static void turn() {
    int me = current;
    if (_setjmp(fibre[me].at)) return;
    for (int i = (me + stride) % count;; i = (i + stride) % count) if (!fibre[i].done) resume(i);
}

static void open(Barrier& b) { b.come = 0; b.generation++; }

static void wait(Barrier& b) {
    unsigned long mine = b.generation;
    if (++b.come == b.expected) open(b);
    while (b.generation == mine) turn();
}

static void leave(Barrier& b) { if (--b.expected > 0 && b.come == b.expected) open(b); }

static void run() {
    body(bodyArgument);
    fibre[current].done = true;
    leave(block);
    leave(warps[current / LANES]);
    for (int i = (current + stride) % count, looked = 0; looked < count; i = (i + stride) % count, looked++)
        if (!fibre[i].done) resume(i);
    _longjmp(home, 1);
}

// The next order of turns: strides without a factor in common with the number of threads, one of them backwards.
static void reorder() {
    static const int strides[] = {1, MOST - 1, 77, 161};
    static int next = 0;
    stride = strides[next++ % 4];
}

// One block of `threads`.
static void runBlock(int threads, void (*kernel)(void*), void* argument) {
    if (!stacks) stacks = (char*)malloc((size_t)MOST * STACK);
    count = threads, body = kernel, bodyArgument = argument;
    block = Barrier();
    block.expected = threads;
    for (int w = 0; w < MOST / LANES; w++) warps[w] = Barrier(), warps[w].expected = LANES;
    for (int i = 0; i < threads; i++) {
        fibre[i].begun = fibre[i].done = false;
        getcontext(&fibre[i].start);
        fibre[i].start.uc_stack.ss_sp = stacks + (size_t)i * STACK;
        fibre[i].start.uc_stack.ss_size = STACK;
        fibre[i].start.uc_link = nullptr;
        makecontext(&fibre[i].start, run, 0);
    }
    if (!_setjmp(home)) resume(0);
}
}  // namespace fibres

static inline void __syncthreads() { fibres::wait(fibres::block); }

// All lanes' values in the order of the butterfly that the card's shuffles make.
template <class F> static inline float butterfly(float v, F join) {
    int warp = fibres::current / fibres::LANES, lane = fibres::current % fibres::LANES;
    memcpy(&fibres::exchange[warp][lane][0], &v, 4);
    fibres::wait(fibres::warps[warp]);
    float values[fibres::LANES], next[fibres::LANES];
    for (int i = 0; i < fibres::LANES; i++) memcpy(&values[i], &fibres::exchange[warp][i][0], 4);
    fibres::wait(fibres::warps[warp]);
    for (int step = fibres::LANES / 2; step > 0; step /= 2) {
        for (int i = 0; i < fibres::LANES; i++) next[i] = join(values[i], values[i ^ step]);
        memcpy(values, next, sizeof values);
    }
    return values[lane];
}

static inline float warpSum(float v) { return butterfly(v, [](float a, float b) { return a + b; }); }

static inline float warpMax(float v) { return butterfly(v, [](float a, float b) { return fmaxf(a, b); }); }

// ── what the tensor cores do, by the fragments of the PTX manual: lane 4g + t has … ──────────────────────────────────

static inline unsigned tf32(float x) {
    unsigned bits = __float_as_uint(x);
    return (bits & 0x7f800000u) == 0x7f800000u ? bits : (bits + 0x1000u) & 0xffffe000u;
}

static inline void share(const unsigned* a, const unsigned* b) {
    unsigned* mine = fibres::exchange[fibres::current / fibres::LANES][fibres::current % fibres::LANES];
    memcpy(mine, a, 16);
    memcpy(mine + 4, b, 8);
    fibres::wait(fibres::warps[fibres::current / fibres::LANES]);
}

template <int K, class A, class B> static inline void multiply(float* c, A left, B right) {
    int lane = fibres::current % fibres::LANES, g = lane / 4, t = lane % 4;
    for (int e = 0; e < 4; e++) {
        int row = g + 8 * (e / 2), column = 2 * t + e % 2;
        double sum = c[e];
        for (int k = 0; k < K; k++) sum += (double)left(row, k) * (double)right(k, column);
        c[e] = (float)sum;
    }
    fibres::wait(fibres::warps[fibres::current / fibres::LANES]);
}

// … a: (g, t), (g+8, t), (g, t+4), (g+8, t+4); b: (t, g), (t+4, g).
static inline void multiplyTf32(float* c, const unsigned* a, const unsigned* b) {
    share(a, b);
    auto* all = fibres::exchange[fibres::current / fibres::LANES];
    auto cut = [](unsigned bits) { return __uint_as_float(bits & 0xffffe000u); };
    multiply<8>(c, [&](int m, int k) { return cut(all[m % 8 * 4 + k % 4][m / 8 + 2 * (k / 4)]); },
                [&](int k, int n) { return cut(all[n * 4 + k % 4][4 + k / 4]); });
}

// … pairs of k, the lower in the low half; a: (g, 2t), (g+8, 2t), (g, 2t+8), (g+8, 2t+8); b: (2t, g), (2t+8, g).
static inline void multiplyBf16(float* c, const unsigned* a, const unsigned* b) {
    share(a, b);
    auto* all = fibres::exchange[fibres::current / fibres::LANES];
    auto half = [](unsigned pair, int k) { return __uint_as_float(k % 2 ? pair & 0xffff0000u : pair << 16); };
    multiply<16>(c, [&](int m, int k) { return half(all[m % 8 * 4 + k % 8 / 2][m / 8 + 2 * (k / 8)], k); },
                 [&](int k, int n) { return half(all[n * 4 + k % 8 / 2][4 + k / 8], k); });
}

// ── a table of kernels, each callable with the addresses of its arguments ───────────────────────────────────────────

struct Entry {
    const char* name;
    void (*call)(void**);
    int arguments;
    const Entry* next;
    static const Entry*& first() { static const Entry* first = nullptr; return first; }
    Entry(const char* name, void (*call)(void**), int arguments)
        : name(name), call(call), arguments(arguments), next(first()) { first() = this; }
};

template <size_t... I> struct Numbers {};
template <size_t N, size_t... I> struct Count : Count<N - 1, N - 1, I...> {};
template <size_t... I> struct Count<0, I...> { typedef Numbers<I...> Type; };

template <class F, F f> struct Call;
template <class... A, void (*f)(A...)> struct Call<void (*)(A...), f> {
    template <size_t... I> static void with(void** arguments, Numbers<I...>) { f(*(A*)arguments[I]...); }
    static const int arguments = sizeof...(A);
    static void run(void** arguments) { with(arguments, typename Count<sizeof...(A)>::Type()); }
};

#define KERNEL(name, ...)                                                              \
    static void name(__VA_ARGS__);                                                     \
    typedef Call<decltype(&name), &name> Call_##name;                                  \
    static const Entry entry_##name(#name, &Call_##name::run, Call_##name::arguments); \
    static void name(__VA_ARGS__)
