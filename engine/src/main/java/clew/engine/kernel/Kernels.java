package clew.engine.kernel;

import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;

/// Every arithmetic verb of the engine: the whole surface that a device implements.
///
/// Activations are rows `[R, C]` (all axes but the last taken together). A cotangent `g` has rows of its own, `[N, C]`;
/// the argument `rows` says which activation row each of them faces ([Rows]), so that one call serves many seeds.
/// Constants are double; a float device narrows them at its door. Results are new tensors in the device's own storage;
/// operands may lie in any storage the device can read. Results never depend on the number of threads.
public interface Kernels {
    /// The device's name, as in [Devices#NAMES].
    String device();

    // ── making and reading ──────────────────────────────────────────────────────────────────────────────────────────

    /// A tensor of this device with these values, row-major.
    Tensor tensor(Shape shape, double[] values);

    // ── products with weights ───────────────────────────────────────────────────────────────────────────────────────

    /// `y[r,o] = Σ_i x[r,i] · part(W[o,i])` — x `[R, in]`, y `[R, out]`.
    Tensor linear(Tensor x, Weight w, Part part);

    /// `y[r,i] = Σ_o g[r,o] · part(W[o,i])` — g `[N, out]`, y `[N, in]`: the adjoint of [#linear].
    Tensor linearTransposed(Tensor g, Weight w, Part part);

    /// `∂/∂W[o,i] = Σ_n g[n,o] · x[face(n),i]`, in the shape of the whole matrix, zero outside the view.
    Tensor weightGradient(Tensor g, Tensor x, Rows rows, Weight w);

    /// `y[r] = table[ids[r]]` — table `[V, D]`, y `[R, D]`.
    Tensor gather(Tensor table, int[] ids);

    /// `∂/∂table[v] = Σ_{n: ids[face(n)] = v} g[n]` — the adjoint of [#gather].
    Tensor scatter(Tensor g, int[] ids, Rows rows, Shape table);

    // ── element-wise ────────────────────────────────────────────────────────────────────────────────────────────────

    /// `x + y`, equal shapes.
    Tensor add(Tensor x, Tensor y);

    /// `c · x`; where c is 1 the result may be x itself.
    Tensor scale(Tensor x, double c);

    /// `g[n] ⊙ x[face(n)]`.
    Tensor mul(Tensor g, Tensor x, Rows rows);

    /// A curve of an activation, element by element.
    Tensor curve(Activation f, Activation.Curve curve, Tensor x);

    /// `max(x, 0)` or `min(x, 0)`.
    Tensor part(Tensor x, Part part);

    /// `g[n] · z[face(n)] / δ(u[face(n)])`, `δ(u) = u + ε·sign(u)`, `sign(0) = +1`; 0 where z is 0.
    Tensor ratio(Tensor g, Tensor z, Tensor u, double eps, Rows rows);

    /// `g[n]` where `z[face(n)]` has the sign of `part`, else 0.
    Tensor where(Tensor g, Tensor z, Part part, Rows rows);

    /// `a[n]` where `x[face(n)] ≥ 0`, else `b[n]`.
    Tensor choose(Tensor x, Tensor a, Tensor b, Rows rows);

    // ── rows and columns ────────────────────────────────────────────────────────────────────────────────────────────

    /// `x[r,c] + b[c]`.
    Tensor addToRows(Tensor x, Tensor b);

    /// `x[r,c] · w[c]`.
    Tensor scaleCols(Tensor x, Tensor w);

    /// `g[n,c] · s[face(n)]` — s `[R]`.
    Tensor scaleRows(Tensor g, Tensor s, Rows rows);

    /// `x[r,c] − mean_c x[r]`: self-adjoint.
    Tensor centreRows(Tensor x);

    /// `s[r] = 1 / √(mean_c x[r,c]² + ε)` — `[R]`.
    Tensor rmsScale(Tensor x, double eps);

    /// `g[n] − x[r]·s[r]²·mean_c(g[n]·x[r])`, `r = face(n)`: the derivative of `x·s(x)` divided by s.
    Tensor rowProjection(Tensor g, Tensor x, Tensor s, Rows rows);

    /// `Σ_n g[n]` — `[C]`.
    Tensor sumRows(Tensor g);

    /// `y[j] = x[index[j]]`.
    Tensor selectRows(Tensor x, int[] index);

    /// `y[index[n]] += g[n]` into `count` rows of zeros: the adjoint of [#selectRows].
    Tensor placeRows(Tensor g, int[] index, int count);

    /// Writes x over the rows of `held` from row `at` on: the one verb that writes into a tensor, which must be of this
    /// device and known to the caller alone, such as a cache.
    void overwriteRows(Tensor held, int at, Tensor x);

    /// Rotates the first `2c` of every head's `width` columns by the row's angles:
    /// `(a, b) → (a·cos − b·sin, b·cos + a·sin)`
    /// for columns i and i+c; cos, sin `[R, c]`. With `−sin` it is its own adjoint's inverse: a rotation.
    Tensor rotate(Tensor g, Tensor cos, Tensor sin, int width, Rows rows);

    /// `Σ g[n,c] · x[face(n),c]` per seed, summed in double.
    double[] dot(Tensor g, Tensor x, Rows rows);

    /// `Σ g[n,c] · b[c]` per seed, summed in double.
    double[] dotRow(Tensor g, Tensor b, Rows rows);

    // ── attention: three products serve forward and backward ────────────────────────────────────────────────────────

    /// `s[h,i,j] = c · Σ_d a[i,h,d] · b[j,kv(h),d]` for visible keys, 0 elsewhere — a per `rows`, b an activation.
    Tensor score(Tensor a, Tensor b, Heads heads, double c, Rows rows);

    /// `z[i,h,d] = c · Σ_j p[h,i,j] · b[j,kv(h),d]` — p a pattern per `rows`, b an activation.
    Tensor mix(Tensor p, Tensor b, Heads heads, double c, Rows rows);

    /// `y[j,k,d] = c · Σ_{h: kv(h)=k} Σ_i p[h,i,j] · a[i,h,d]`; one of p and a is a cotangent per `rows`, as `carrier`
    /// says.
    Tensor mixTransposed(Tensor p, Tensor a, Heads heads, double c, Carrier carrier, Rows rows);

    /// Softmax of `s/τ` over the visible keys of each row, 0 elsewhere.
    Tensor softmax(Tensor s, Heads heads, double temperature);

    /// `p ⊙ (g − ⟨p, g⟩)` row by row; g per `rows` (of patterns, see [Rows#heads]).
    Tensor softmaxBackward(Tensor g, Tensor p, Rows rows);

    /// `z = softmax(c · q kᵀ) v`: [#score], [#softmax] and [#mix] in one, without a pattern of all pairs.
    Tensor attend(Fused.Inputs x);

    /// What [#attend] hands back for the cotangent g of z: that of [#mix], [#softmax] and [#score] in turn.
    Fused.Shares attendBackward(Tensor g, Fused.Inputs x, Fused.Reading how, Rows rows);

    // ── keeping ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// Lets go of copies of weights whose files have been closed. Whoever closes weights calls it; a device that keeps
    /// no copies has nothing to do.
    default void sweep() {}

    /// A pass's loans of this device's memory. By default there are none: every result is new.
    default Loans loans() {
        return Loans.none(this);
    }

    /// Which operand of [#mixTransposed] carries the seeds.
    enum Carrier { PATTERN, VALUES }
}
