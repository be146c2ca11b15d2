// What is remembered of a game: the losses after each step, the distances after every tenth, and when a rule changed.

import { minus } from "./common.js";

const KEPT = 600; // points of a curve; when there are more, neighbors are merged

export const shortly = (value) => (Number.isFinite(value) ? minus(value.toFixed(2)) : "–");

// Rows [step, ...values] with a bound on their number: when it is reached, every two become one.
class History {
  constructor() {
    this.rows = [];
    this.stride = 1;
    this.open = [];
  }

  add(row) {
    this.open.push(row);
    if (this.open.length < this.stride) return;
    this.rows.push(History.merge(this.open));
    this.open = [];
    if (this.rows.length < KEPT) return;
    this.stride *= 2;
    this.rows = this.rows.filter((_, i) => i % 2).map((row, i) => History.merge([this.rows[2 * i], row]));
  }

  static merge(rows) {
    const mean = (k) => {
      const values = rows.map((row) => row[k]).filter(Number.isFinite);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    return rows.at(-1).map((value, k) => (k ? mean(k) : value));
  }
}

export class Record {
  constructor(game) {
    this.game = game;
  }

  // Begins again, with the game as it is now.
  reset() {
    this.ticks = 0; // steps of either player or of both
    this.losses = new History(); // [tick, loss of D, loss of G, V(D, G)]
    this.distances = new History(); // [tick, KL, JS]
    this.changes = []; // ticks
    this.measured = null;
    this.measure();
  }

  // The row of the losses now.
  get last() {
    const { last, gLoss } = this.game;
    return [this.ticks, last?.loss ?? NaN, gLoss, last?.value ?? NaN];
  }

  // Notes a step that was just taken; while the game plays, only every tenth is measured. Returns whether the weights
  // are still finite.
  note(playing) {
    this.ticks++;
    this.losses.add(this.last);
    const { gan, last } = this.game;
    const finite = Number.isFinite(gan.generator.weights[0] + gan.discriminator.weights[0] + (last?.loss ?? 0));
    if (this.ticks % 10 === 0 || !playing || !finite) this.measure();
    return finite;
  }

  mark() {
    if (this.ticks && this.changes.at(-1) !== this.ticks) this.changes.push(this.ticks);
  }

  measure() {
    if (!this.game.ready) return;
    this.measured = this.game.measure();
    this.distances.add([this.ticks, this.measured.kl, this.measured.js]);
  }

  // Of the ring: how many fakes are near a mode.
  near() {
    return `${Math.round(100 * this.measured.near)} % of the fakes`;
  }

  inWords() {
    if (!this.measured) return "";
    const { js, modes } = this.measured;
    const found = modes === undefined ? "" : `${modes} of 8 modes found, ${this.near()} near one; `;
    return `${found}JS ${shortly(js)}.`;
  }
}
