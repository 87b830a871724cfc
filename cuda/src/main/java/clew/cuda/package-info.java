/// The cuda device: the engine's verbs in CUDA C, launched through the driver's own interface.
///
/// [JCudaDriver] and its parts ([Search], [Streams], [Staging], [Status], [Address]) know of JCuda, [GraphCalls] of the
/// driver itself; everything else speaks to [Driver].
@NullMarked
package clew.cuda;

import org.jspecify.annotations.NullMarked;
