// The two players of a GAN on points of the plane: losses, optimizers and steps. gan_network.py is the same in NumPy.

import { sigmoid } from "./common.js";
import { Network } from "./gan_network.js";

// -- losses -----------------------------------------------------------------------------------------------------------

const softplus = (f) => Math.max(f, 0) + Math.log1p(Math.exp(-Math.abs(f)));

// Of one output f of the discriminator: [loss, its derivative]; the same as coursekit/models/gan_losses.py. Where
// D(x) = sigmoid(f), -log D = softplus(-f) and -log(1 - D) = softplus(f).
const LOG = { real: (f) => [softplus(-f), -sigmoid(-f)], fake: (f) => [softplus(f), sigmoid(f)] };
const RAISE = (f) => [-f, -1];
export const LOSSES = {
  minimax: { ...LOG, generator: (f) => [-softplus(f), -sigmoid(f)] },
  "non-saturating": { ...LOG, generator: (f) => [softplus(-f), -sigmoid(-f)] },
  "least-squares": {
    real: (f) => [(f - 1) ** 2 / 2, f - 1],
    fake: (f) => [(f * f) / 2, f],
    generator: (f) => [(f - 1) ** 2 / 2, f - 1],
  },
  hinge: {
    real: (f) => (f < 1 ? [1 - f, -1] : [0, 0]),
    fake: (f) => (f > -1 ? [1 + f, 1] : [0, 0]),
    generator: RAISE,
  },
  wasserstein: { real: RAISE, fake: (f) => [f, 1], generator: RAISE },
};
const PENALTY = 10; // weight of Wasserstein's gradient penalty (Gulrajani et al. 2017)
const r1 = (gamma) => (length) => [(gamma / 2) * length ** 2, gamma]; // Mescheder et al. 2018
const towardsOne = (length) => [PENALTY * (length - 1) ** 2, (2 * PENALTY * (length - 1)) / (length + 1e-12)];

// -- optimizers, with Keras' formulas ---------------------------------------------------------------------------------

const MOMENTUM = 0.9;
const [BETA1, BETA2, EPSILON] = [0.5, 0.999, 1e-7];

export class Optimizer {
  constructor(kind, size) {
    this.kind = kind; // "sgd", "momentum" or "adam"
    this.steps = 0;
    this.first = new Float64Array(size);
    this.second = new Float64Array(size);
  }

  step(weights, gradient, rate) {
    const { kind, first, second } = this;
    this.steps++;
    const adapted = (rate * Math.sqrt(1 - BETA2 ** this.steps)) / (1 - BETA1 ** this.steps);
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i];
      if (kind === "sgd") {
        weights[i] -= rate * g;
      } else if (kind === "momentum") {
        first[i] = MOMENTUM * first[i] - rate * g;
        weights[i] += first[i];
      } else {
        first[i] += (1 - BETA1) * (g - first[i]);
        second[i] += (1 - BETA2) * (g * g - second[i]);
        weights[i] -= (adapted * first[i]) / (Math.sqrt(second[i]) + EPSILON);
      }
    }
  }
}

// -- the two players --------------------------------------------------------------------------------------------------

export class Gan {
  // generator, discriminator: widths such as [2, 32, 32, 2] and [2, 32, 32, 1]. rates: of D and of G. r1: its weight.
  constructor({ generator, discriminator, loss, optimizer, rates, r1 = 0 }) {
    this.generator = new Network(generator);
    this.discriminator = new Network(discriminator);
    Object.assign(this, { loss, rates, r1 });
    this.useOptimizer(optimizer);
  }

  useOptimizer(kind) {
    this.optimizers = [this.discriminator, this.generator].map(({ weights }) => new Optimizer(kind, weights.length));
  }

  // One step of D on n examples x [n, 2] and n latents z. `shares` [n], drawn uniformly from [0, 1], say where between
  // each example and its fake Wasserstein's penalty looks. Returns D's loss before the step; V(D, G), the mean of
  // log D(x) + log(1 - D(G(z))), on this minibatch; and D's mean outputs on data and on fakes.
  stepDiscriminator(x, z, n, shares) {
    const { generator, discriminator } = this;
    const fakes = generator.forward(z, n);
    discriminator.gradient.fill(0);
    const real = this.#judge(x, n, "real");
    let penalty = this.r1 ? discriminator.penalize(r1(this.r1), n) : 0;
    const fake = this.#judge(fakes, n, "fake");
    if (this.loss === "wasserstein") {
      const between = Float64Array.from(x, (value, i) => shares[i >> 1] * value + (1 - shares[i >> 1]) * fakes[i]);
      discriminator.forward(between, n);
      penalty += discriminator.penalize(towardsOne, n);
    }
    this.optimizers[0].step(discriminator.weights, discriminator.gradient, this.rates[0]);
    return {
      loss: real.loss + fake.loss + penalty,
      value: -real.log - fake.log,
      real: real.output,
      fake: fake.output,
    };
  }

  #judge(points, n, role) {
    const rule = LOSSES[this.loss][role];
    const out = this.discriminator.forward(points, n);
    const delta = new Float64Array(n);
    const mean = { loss: 0, log: 0, output: 0 };
    for (let i = 0; i < n; i++) {
      const [loss, slope] = rule(out[i]);
      delta[i] = slope / n;
      mean.loss += loss / n;
      mean.log += LOG[role](out[i])[0] / n;
      mean.output += out[i] / n;
    }
    this.discriminator.backward(delta, n);
    return mean;
  }

  // One step of G on n latents. Returns its loss before the step.
  stepGenerator(z, n) {
    const { generator } = this;
    generator.gradient.fill(0);
    const { loss, gradient } = this.push(generator.forward(z, n), n);
    for (let i = 0; i < gradient.length; i++) gradient[i] /= n;
    generator.backward(gradient, n);
    this.optimizers[1].step(generator.weights, generator.gradient, this.rates[1]);
    return loss;
  }

  // The generator's mean loss on n fakes [n, 2] and, for each fake, the gradient of its own loss with respect to its
  // place: a step of G pushes it the other way.
  push(fakes, n) {
    const rule = LOSSES[this.loss].generator;
    const out = this.discriminator.forward(fakes, n);
    const delta = new Float64Array(n);
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const [part, slope] = rule(out[i]);
      delta[i] = slope;
      loss += part / n;
    }
    return { loss, gradient: this.discriminator.backward(delta, n, false).slice(0, 2 * n) };
  }
}
