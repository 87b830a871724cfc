/// The cuda device: the engine's verbs in CUDA C, launched through the driver's own interface.
///
/// Only [JCudaDriver] knows of JCuda; everything else speaks to [Driver].
@NullMarked
package clew.cuda;

import org.jspecify.annotations.NullMarked;
