// All kernels of the device. Compiled twice: for cards since compute capability 7.5, and with tensor cores since 8.0.
#include "elementwise.cuh"
#include "rows.cuh"
#include "products.cuh"
#include "attention.cuh"
#ifdef CLEW_TENSOR_CORES
#include "tensorcores.cuh"
#endif
