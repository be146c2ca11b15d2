// The decoder's arithmetic: decoder_network.py says what its steps are.

import { sigmoid } from "./common.js";

export function float16(view, count, offset) {
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const bits = view.getUint16(offset + 2 * i, true);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    numbers[i] = bits >> 15 ? -size : size;
  }
  return numbers;
}

// Rows of a matrix [columns, inner], filled up with rows of zeros to a multiple of four.
function packed(matrix, inner, columns, transpose) {
  const rows = new Float64Array(Math.ceil(columns / 4) * 4 * inner);
  if (!transpose) rows.set(matrix);
  else for (let k = 0; k < inner; k++) for (let n = 0; n < columns; n++) rows[n * inner + k] = matrix[k * columns + n];
  return rows;
}

// out[m, n] = sum over k of a[m, k] b[n, k]. Four columns of b at a time stay in the processor's nearest cache.
function multiply(a, from, rows, inner, b, columns, out, to) {
  for (let n = 0; n < columns; n += 4) {
    const left = columns - n;
    for (let m = 0; m < rows; m++) {
      const start = from + m * inner;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let p0 = n * inner;
      let p1 = p0 + inner;
      let p2 = p1 + inner;
      let p3 = p2 + inner;
      for (let k = start; k < start + inner; k++) {
        const x = a[k];
        s0 += x * b[p0++];
        s1 += x * b[p1++];
        s2 += x * b[p2++];
        s3 += x * b[p3++];
      }
      const place = to + m * columns + n;
      out[place] = s0;
      if (left > 1) out[place + 1] = s1;
      if (left > 2) out[place + 2] = s2;
      if (left > 3) out[place + 3] = s3;
    }
  }
}

function addBias(out, bias) {
  const n = bias.length;
  for (let i = 0; i < out.length; i += n) for (let j = 0; j < n; j++) out[i + j] += bias[j];
}

// Abramowitz and Stegun, 7.1.26: within 1.5e-7.
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
}

const ACTIVATIONS = {
  relu: () => (x) => Math.max(x, 0),
  leaky_relu: (slope) => (x) => (x > 0 ? x : slope * x),
  elu: (slope) => (x) => (x > 0 ? x : slope * Math.expm1(x)),
  silu: () => (x) => x * sigmoid(x),
  sigmoid: () => sigmoid,
  tanh: () => Math.tanh,
  softplus: () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  gelu: () => (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
};

const count = (shape) => shape.reduce((product, size) => product * size, 1);

// Each maker takes a step and a function that hands out the next weights; what it returns turns an input into an
// output, in a buffer of its own.
const STEPS = {
  dense({ from, shape, bias }, take) {
    const [inner, columns] = [from.at(-1), shape.at(-1)];
    const weights = packed(take(inner * columns), inner, columns, true);
    const shift = take(bias ? columns : 0);
    const out = new Float64Array(count(shape));
    return (x) => {
      multiply(x, 0, out.length / columns, inner, weights, columns, out, 0);
      if (bias) addBias(out, shift);
      return out;
    };
  },

  conv({ from, shape, bias, kernel: [kh, kw], stride: [sy, sx], before: [top, left] }, take) {
    const [height, width, channels] = from;
    const [rows, columns, filters] = shape;
    const inner = kh * kw * channels;
    const weights = packed(take(inner * filters), inner, filters, true);
    const shift = take(bias ? filters : 0);
    const out = new Float64Array(count(shape));
    const patches = new Float64Array(columns * inner);
    return (x) => {
      for (let i = 0; i < rows; i++) {
        patches.fill(0);
        for (let j = 0; j < columns; j++) {
          for (let ky = 0; ky < kh; ky++) {
            const y = i * sy + ky - top;
            if (y < 0 || y >= height) continue;
            const first = Math.max(0, left - j * sx);
            const last = Math.min(kw, width + left - j * sx);
            const source = (y * width + j * sx - left) * channels;
            const target = j * inner + ky * kw * channels;
            for (let c = first * channels; c < last * channels; c++) patches[target + c] = x[source + c];
          }
        }
        multiply(patches, 0, columns, inner, weights, filters, out, i * columns * filters);
      }
      if (bias) addBias(out, shift);
      return out;
    };
  },

  transposed({ from, shape, bias, kernel: [kh, kw], stride: [sy, sx], before: [top, left] }, take) {
    const [height, width, channels] = from;
    const [rows, columns, filters] = shape;
    const each = kh * kw * filters;
    const weights = packed(take(each * channels), channels, each, false);
    const shift = take(bias ? filters : 0);
    const out = new Float64Array(count(shape));
    const stamps = new Float64Array(width * each);
    return (x) => {
      out.fill(0);
      for (let i = 0; i < height; i++) {
        multiply(x, i * width * channels, width, channels, weights, each, stamps, 0);
        for (let ky = 0; ky < kh; ky++) {
          const y = i * sy + ky - top;
          if (y < 0 || y >= rows) continue;
          for (let j = 0; j < width; j++) {
            const first = Math.max(0, left - j * sx);
            const last = Math.min(kw, columns + left - j * sx);
            const source = j * each + ky * kw * filters;
            const target = (y * columns + j * sx - left) * filters;
            for (let c = first * filters; c < last * filters; c++) out[target + c] += stamps[source + c];
          }
        }
      }
      if (bias) addBias(out, shift);
      return out;
    };
  },

  normalize({ shape, center, scale, epsilon }, take) {
    const channels = shape.at(-1);
    const gamma = scale ? take(channels) : new Float64Array(channels).fill(1);
    const beta = center ? take(channels) : new Float64Array(channels);
    const [mean, variance] = [take(channels), take(channels)];
    const factor = gamma.map((value, c) => value / Math.sqrt(variance[c] + epsilon));
    const shift = beta.map((value, c) => value - mean[c] * factor[c]);
    const out = new Float64Array(count(shape));
    return (x) => {
      for (let i = 0; i < out.length; i++) out[i] = x[i] * factor[i % channels] + shift[i % channels];
      return out;
    };
  },

  upsample({ from: [, width], shape: [rows, columns, channels], size: [sy, sx] }) {
    const out = new Float64Array(rows * columns * channels);
    return (x) => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const source = (Math.floor(i / sy) * width + Math.floor(j / sx)) * channels;
          const target = (i * columns + j) * channels;
          for (let c = 0; c < channels; c++) out[target + c] = x[source + c];
        }
      }
      return out;
    };
  },

  activate({ shape, name, slope }) {
    const f = ACTIVATIONS[name](slope);
    const out = new Float64Array(count(shape));
    return (x) => {
      for (let i = 0; i < out.length; i++) out[i] = f(x[i]);
      return out;
    };
  },
};

// The decoder as a function of one code. `program` and `weights` as decoder_network.steps gives them.
export function network(program, weights) {
  const view = new DataView(weights.buffer ?? weights, weights.byteOffset ?? 0, weights.byteLength);
  let offset = 0;
  const take = (size) => {
    offset += 2 * size;
    return float16(view, size, offset - 2 * size);
  };
  const run = program.map((step) => STEPS[step.kind](step, take));
  return (z) => run.reduce((x, step) => step(x), z);
}

// What the decoder gives, as brightness in [0, 1].
export const LEVELS = { logits: sigmoid, images: (x) => x, signed: (x) => (x + 1) / 2 };
