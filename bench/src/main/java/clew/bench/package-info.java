/// Benchmarks: JMH classes by question, and the process that `peers/gemm.py` sets beside PyTorch.
@org.jspecify.annotations.NullMarked
package clew.bench;
