package clew.bench.museum;

/// `y[m,n] = Σ_k x[m,k] · w[n,k]` — x `[M, K]`, w `[N, K]` as a Linear stores it, y `[M, N]` of zeros.
@FunctionalInterface
interface Matmul {
    void run(float[] x, float[] w, float[] y, Size size);

    record Size(int M, int K, int N) {
        double flops() {
            return 2.0 * M * K * N;
        }
    }
}
