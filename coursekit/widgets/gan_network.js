// Dense networks with gradients by hand, in float64. Matrices are flat, row after row. Nothing here knows the page;
// gan_network.py is the same in NumPy.

const SLOPE = 0.2; // of leaky_relu below 0, as in Keras

// Layers of leaky_relu units, the last one linear. `weights` holds all weights in Keras' order, layer after layer: the
// kernel [from, to], then the bias [to]. `gradient` has the same order, and `backward` adds to it.
export class Network {
  constructor(widths) {
    let size = 0;
    this.layers = widths.slice(1).map((to, l) => {
      const from = widths[l];
      const [kernel, bias] = [size, size + from * to];
      size = bias + to;
      return { from, to, kernel, bias };
    });
    this.weights = new Float64Array(size);
    this.gradient = new Float64Array(size);
    this.rows = 0;
  }

  // Kernels from N(0, 2 / inputs) (He et al. 2015), biases 0.
  initialize(random) {
    this.weights.fill(0);
    for (const { from, kernel, bias } of this.layers) {
      for (let i = kernel; i < bias; i++) this.weights[i] = Math.sqrt(2 / from) * random.normal();
    }
  }

  // Room for n rows: what each layer gives out, and the derivatives with respect to its sums and to the input.
  reserve(n) {
    if (n <= this.rows) return;
    this.rows = n;
    this.outputs = this.layers.map(({ to }) => new Float64Array(n * to));
    this.deltas = this.layers.map(({ to }) => new Float64Array(n * to));
    this.tangents = this.layers.map(({ to }) => new Float64Array(n * to));
    this.inputDelta = new Float64Array(n * this.layers[0].from);
  }

  // The outputs [n, outputs] of n inputs x; the array is overwritten by the next call.
  forward(x, n) {
    this.reserve(n);
    this.x = x;
    this.layers.forEach((layer, l) => {
      const [from, out] = [l ? this.outputs[l - 1] : x, this.outputs[l]];
      multiply(from, n, layer, this.weights, out, true);
      if (l < this.layers.length - 1) for (let i = 0; i < n * layer.to; i++) if (out[i] < 0) out[i] *= SLOPE;
    });
    return this.outputs.at(-1);
  }

  // Backpropagation of the rows of the last forward pass. delta: the loss' derivatives with respect to the outputs,
  // [n, outputs]. Returns those with respect to the inputs, [n, inputs]. `learn` says whether the weights' gradients
  // are wanted as well.
  backward(delta, n, learn = true) {
    this.deltas.at(-1).set(delta.subarray(0, n * this.layers.at(-1).to));
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layers[l];
      const from = l ? this.outputs[l - 1] : this.x;
      if (learn) addOuter(from, this.deltas[l], n, layer, this.gradient, true);
      const below = l ? this.deltas[l - 1] : this.inputDelta;
      multiplyBack(this.deltas[l], n, layer, this.weights, below);
      if (l) damp(below, this.outputs[l - 1], n * layer.from);
    }
    return this.inputDelta;
  }

  // A penalty on the output's gradient g at the n rows of the last forward pass; adds its gradient. `rule` gives, for
  // the length of one row's g, the penalty and its derivative divided by that length. The network is linear in pieces,
  // so the derivative of (v, g) with respect to a kernel is delta times the tangent: v, carried forward through the
  // same pieces.
  penalize(rule, n) {
    const inputs = this.layers[0].from;
    const slopes = this.backward(new Float64Array(n).fill(1), n, false);
    const v = new Float64Array(n * inputs);
    let mean = 0;
    for (let i = 0; i < n; i++) {
      let square = 0;
      for (let a = i * inputs; a < (i + 1) * inputs; a++) square += slopes[a] * slopes[a];
      const [penalty, factor] = rule(Math.sqrt(square));
      mean += penalty / n;
      for (let a = i * inputs; a < (i + 1) * inputs; a++) v[a] = (factor / n) * slopes[a];
    }
    this.layers.forEach((layer, l) => {
      const from = l ? this.tangents[l - 1] : v;
      addOuter(from, this.deltas[l], n, layer, this.gradient, false);
      multiply(from, n, layer, this.weights, this.tangents[l], false);
      if (l < this.layers.length - 1) damp(this.tangents[l], this.outputs[l], n * layer.to);
    });
    return mean;
  }
}

// C[i, j] += sum over k of A[i, k] B[k, j], the one product that forward pass, backward pass and gradients need. Each
// matrix is an array, the place of its first number, and its steps from row to row and from column to column. Four rows
// and two columns at a time share what they load; those that are missing at an edge are computed twice.
function addProduct(n, inner, m, A, a, ai, ak, B, b, bk, bj, C, c, ci, cj) {
  for (let i = 0; i < n; i += 4) {
    const rows = Math.min(4, n - i);
    const a0 = a + i * ai;
    const a1 = rows > 1 ? a0 + ai : a0;
    const a2 = rows > 2 ? a0 + 2 * ai : a0;
    const a3 = rows > 3 ? a0 + 3 * ai : a0;
    for (let j = 0; j < m; j += 2) {
      const next = j + 1 < m ? bj : 0;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let k = 0, p = 0, q = b + j * bj; k < inner; k++, p += ak, q += bk) {
        const u = B[q];
        const v = B[q + next];
        const x0 = A[a0 + p];
        const x1 = A[a1 + p];
        const x2 = A[a2 + p];
        const x3 = A[a3 + p];
        s00 += x0 * u;
        s01 += x0 * v;
        s10 += x1 * u;
        s11 += x1 * v;
        s20 += x2 * u;
        s21 += x2 * v;
        s30 += x3 * u;
        s31 += x3 * v;
      }
      const at = c + i * ci + j * cj;
      C[at] += s00;
      if (rows > 1) C[at + ci] += s10;
      if (rows > 2) C[at + 2 * ci] += s20;
      if (rows > 3) C[at + 3 * ci] += s30;
      if (!next) continue;
      C[at + cj] += s01;
      if (rows > 1) C[at + ci + cj] += s11;
      if (rows > 2) C[at + 2 * ci + cj] += s21;
      if (rows > 3) C[at + 3 * ci + cj] += s31;
    }
  }
}

// out[i, b] = bias[b] + sum over a of x[i, a] kernel[a, b].
function multiply(x, n, { from, to, kernel, bias }, weights, out, withBias) {
  for (let i = 0; i < n; i++) for (let b = 0; b < to; b++) out[i * to + b] = withBias ? weights[bias + b] : 0;
  addProduct(n, from, to, x, 0, from, 1, weights, kernel, to, 1, out, 0, to, 1);
}

// out[i, a] = sum over b of delta[i, b] kernel[a, b].
function multiplyBack(delta, n, { from, to, kernel }, weights, out) {
  out.fill(0, 0, n * from);
  addProduct(n, to, from, delta, 0, to, 1, weights, kernel, 1, to, out, 0, from, 1);
}

// gradient of the kernel [a, b] += sum over i of x[i, a] delta[i, b], and of the bias += sum over i of delta[i, b].
function addOuter(x, delta, n, { from, to, kernel, bias }, gradient, withBias) {
  addProduct(from, n, to, x, 0, 1, from, delta, 0, to, 1, gradient, kernel, to, 1);
  if (!withBias) return;
  for (let i = 0; i < n; i++) for (let b = 0; b < to; b++) gradient[bias + b] += delta[i * to + b];
}

// leaky_relu's derivative; what came out of it has the sign of what went in.
function damp(values, outputs, count) {
  for (let i = 0; i < count; i++) if (outputs[i] <= 0) values[i] *= SLOPE;
}
