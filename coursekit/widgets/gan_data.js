// The game: a GAN, its data, random numbers that repeat, and how far fakes are from data. gan_data.py is the same in
// NumPy.

import { sigmoid } from "./common.js";
import { Gan } from "./gan_players.js";

// splitmix32, as a counter: the same numbers in gan_data.py.
function hash(counter) {
  let t = counter ^ (counter >>> 16);
  t = Math.imul(t, 0x21f0aaad);
  t ^= t >>> 15;
  t = Math.imul(t, 0x735a2d97);
  return (t ^ (t >>> 15)) >>> 0;
}

export class Random {
  // Streams of one seed are independent of one another.
  constructor(seed, stream) {
    this.counter = hash(hash(seed) + stream);
  }

  // Between 0 and 1, both left out.
  uniform() {
    this.counter = (this.counter + 0x9e3779b9) >>> 0;
    return (hash(this.counter) + 0.5) / 2 ** 32;
  }

  normal() {
    return gauss(this.uniform(), this.uniform())[0];
  }
}

// Box and Muller: two normal numbers from two uniform ones.
function gauss(u, v) {
  const radius = Math.sqrt(-2 * Math.log(u));
  return [radius * Math.cos(2 * Math.PI * v), radius * Math.sin(2 * Math.PI * v)];
}

// A point from four uniform numbers: a place by u and v, and noise (e, f), normal, by the others. The shapes are those
// of coursekit/data/toys.py, and a line; the humps stand in the plane. All lie within 3 of the middle.
const TURN = 2 * Math.PI;
const round = (radius, angle, std, e, f) => [radius * Math.cos(angle) + std * e, radius * Math.sin(angle) + std * f];
export const SHAPES = {
  ring: (u, _v, e, f) => round(2, (TURN / 8) * Math.floor(8 * u), 0.05, e, f),
  humps: (u, _v, e, f) => [(u < 0.4 ? -1.5 : 1) + 0.4 * e, 0.4 * f],
  line: (u, _v, e, f) => [4 * u - 2 + 0.05 * e, 2 * u - 1 + 0.05 * f],
  moons(u, v, e, f) {
    const [x, y] = round(1.4, Math.PI * v, 0, e, f);
    const side = u < 0.5 ? 1 : -1;
    return [side * (x - 0.7) + 0.1 * e, side * (y - 0.35) + 0.1 * f];
  },
  spirals(u, v, e, f) {
    const radius = Math.sqrt(0.16 + 3.84 * v); // nearly even along the arms
    return round(radius, (1.5 * TURN * (radius - 0.4)) / 1.6 + (u < 0.5 ? 0 : Math.PI), 0.08, e, f);
  },
  rings: (u, v, e, f) => round(u < 1 / 6 ? 0.7 : u < 1 / 2 ? 1.4 : 2.1, TURN * v, 0.08, e, f),
  checkerboard(u, v) {
    const column = Math.floor(4 * u);
    return [4 * u - 2, 2 * Math.floor(2 * v) + (column % 2) + ((2 * v) % 1) - 2];
  },
};
const JITTER = 0.02; // of points that were given or drawn

// n points [n, 2] of a shape, or of `points` [m, 2] drawn with replacement.
export function sample(kind, n, random, points) {
  const out = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    const [u, v] = [random.uniform(), random.uniform()];
    const [e, f] = gauss(random.uniform(), random.uniform());
    let point;
    if (kind in SHAPES) {
      point = SHAPES[kind](u, v, e, f);
    } else {
      const at = 2 * Math.floor((u * points.length) / 2);
      point = [points[at] + JITTER * e, points[at + 1] + JITTER * f];
    }
    out.set(point, 2 * i);
  }
  return out;
}

// Latents [n, dim] of mean 0 and variance 1: "uniform" from -sqrt(3) to sqrt(3), or "normal".
export function latents(kind, n, dim, random) {
  const one = kind === "normal" ? () => random.normal() : () => Math.sqrt(3) * (2 * random.uniform() - 1);
  return Float64Array.from({ length: n * dim }, one);
}

// -- distances between histograms -------------------------------------------------------------------------------------

export const REACH = 3; // the plane goes from -3 to 3
export const BINS = 24; // along each side, 0.25 wide; what lies outside shares one more bin

export function histogram(points) {
  const counts = new Float64Array(BINS * BINS + 1);
  for (let i = 0; i < points.length; i += 2) {
    const column = Math.floor(((points[i] + REACH) / (2 * REACH)) * BINS);
    const row = Math.floor(((points[i + 1] + REACH) / (2 * REACH)) * BINS);
    const inside = column >= 0 && column < BINS && row >= 0 && row < BINS;
    counts[inside ? row * BINS + column : BINS * BINS] += 2 / points.length;
  }
  return counts;
}

// { kl, js } in nats of histograms p, of data, and q, of `n` fakes. KL(p || q) is infinite where there are data and no
// fakes; so one fake more is spread over all bins. JS is at most log 2.
export function divergences(p, q, n) {
  let [kl, js] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    const middle = (p[i] + q[i]) / 2;
    if (p[i] > 0) kl += p[i] * Math.log((p[i] * (n + 1)) / (q[i] * n + 1 / p.length));
    if (p[i] > 0) js += (p[i] / 2) * Math.log(p[i] / middle);
    if (q[i] > 0) js += (q[i] / 2) * Math.log(q[i] / middle);
  }
  return { kl, js };
}

// Of the ring: how many of the eight modes hold at least 1 % of the points within 3 standard deviations, and the share
// of all points that lie so near.
export function modes(points) {
  const found = new Float64Array(8);
  for (let i = 0; i < points.length; i += 2) {
    const mode = (Math.round((Math.atan2(points[i + 1], points[i]) / TURN) * 8) + 8) % 8;
    const [x, y] = [2 * Math.cos((mode * TURN) / 8), 2 * Math.sin((mode * TURN) / 8)];
    if (Math.hypot(points[i] - x, points[i + 1] - y) < 0.15) found[mode] += 2 / points.length;
  }
  return { modes: found.filter((share) => share >= 0.01).length, near: found.reduce((sum, share) => sum + share, 0) };
}

// -- the game: a GAN, its data, and the order of its random numbers ---------------------------------------------------

const [WEIGHTS, TRAINING, SHOWN, MEASURED] = [0, 1, 2, 3]; // streams
export const SAMPLES = 2000; // fakes, and ten times as many data, for the histograms

export class Game {
  // settings: { data, latent, latent_dim, generator, discriminator, loss, optimizer, k, rates, r1, batch, seed }, as
  // gan_game.py sends them. points [m, 2]: the data if no shape is named.
  constructor(settings, points) {
    Object.assign(this, settings);
    this.points = points;
    this.reset(settings.seed);
  }

  get ready() {
    return this.data in SHAPES || this.points.length > 0;
  }

  reset(seed = this.seed) {
    this.seed = seed;
    this.gan = new Gan(this);
    const random = new Random(seed, WEIGHTS);
    this.gan.generator.initialize(random);
    this.gan.discriminator.initialize(random);
    this.random = new Random(seed, TRAINING);
    Object.assign(this, { steps: 0, dSteps: 0, gSteps: 0, last: null, gLoss: NaN });
    this.fixed = latents(this.latent, SAMPLES, this.latent_dim, new Random(seed, SHOWN));
    this.changeData();
  }

  // A change of this.data or this.points takes effect.
  changeData() {
    this.shown = this.histogram = this.floor = null;
    if (!this.ready) return;
    const random = new Random(this.seed, MEASURED);
    this.shown = sample(this.data, SAMPLES, random, this.points);
    this.histogram = histogram(sample(this.data, 10 * SAMPLES, random, this.points));
    this.floor = divergences(this.histogram, histogram(this.shown), SAMPLES);
  }

  // Changes of this.loss, rates, r1 and optimizer take effect.
  changeRules() {
    const { gan, loss, rates, r1, optimizer } = this;
    Object.assign(gan, { loss, rates, r1 });
    if (optimizer !== gan.optimizers[0].kind) gan.useOptimizer(optimizer);
  }

  stepDiscriminator() {
    const { batch, random } = this;
    const x = sample(this.data, batch, random, this.points);
    const z = latents(this.latent, batch, this.latent_dim, random);
    const shares = this.loss === "wasserstein" ? Float64Array.from({ length: batch }, () => random.uniform()) : null;
    this.last = this.gan.stepDiscriminator(x, z, batch, shares);
    this.dSteps++;
  }

  stepGenerator() {
    this.gLoss = this.gan.stepGenerator(latents(this.latent, this.batch, this.latent_dim, this.random), this.batch);
    this.gSteps++;
  }

  // One round of Algorithm 1: k steps of D, then one of G.
  step() {
    for (let i = 0; i < this.k; i++) this.stepDiscriminator();
    this.stepGenerator();
    this.steps++;
  }

  // G's samples of the first n fixed latents, [n, 2].
  fakes(n = SAMPLES) {
    return this.gan.generator.forward(this.fixed, n).slice(0, 2 * n);
  }

  // The corners of cells x cells equal squares of the latent square, carried into the plane: [(cells + 1)^2, 2], row
  // after row. Latents of one dimension give a curve, of cells^2 + 1 points; of more than two, the others stay 0.
  sheet(cells) {
    const edge = this.latent === "normal" ? 2 : Math.sqrt(3);
    const dim = this.latent_dim;
    const [across, count] = dim === 1 ? [cells * cells + 1, cells * cells + 1] : [cells + 1, (cells + 1) ** 2];
    const z = new Float64Array(count * dim);
    for (let i = 0; i < count; i++) {
      z[i * dim] = edge * ((2 * (i % across)) / (across - 1) - 1);
      if (dim > 1) z[i * dim + 1] = edge * ((2 * Math.floor(i / across)) / cells - 1);
    }
    return this.gan.generator.forward(z, count).slice(0, 2 * count);
  }

  // { kl, js, modes?, near? } of the fakes.
  measure(fakes = this.fakes()) {
    const distances = divergences(this.histogram, histogram(fakes), SAMPLES);
    return this.data === "ring" ? { ...distances, ...modes(fakes) } : distances;
  }

  // D's verdict on n points: its probability that they are data, or what stands for it with another loss, 1 on data and
  // 0 on fakes as far as the discriminator can.
  verdict(points, n) {
    const { loss, last, gan } = this;
    const out = gan.discriminator.forward(points, n).subarray(0, n);
    if (loss === "least-squares") return out;
    if (loss === "hinge") return out.map((f) => (f + 1) / 2);
    if (loss !== "wasserstein") return out.map(sigmoid);
    const [middle, span] = last ? [(last.real + last.fake) / 2, Math.max(last.real - last.fake, 0.2)] : [0, 1];
    return out.map((f) => 0.5 + (f - middle) / span);
  }
}
