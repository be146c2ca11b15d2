// What is seen of a game: the plane on the left, the verdict in numbers and the curves on the right.

import { make } from "./common.js";
import { buildScale, buildToggles, LAYERS } from "./gan_controls.js";
import { FAKE, Plot, REAL } from "./gan_curves.js";
import { BINS, REACH, SAMPLES } from "./gan_data.js";
import { DOTS, Painter, PICTURE } from "./gan_plane.js";

const COLORS = { kl: "#009E73", js: "#CC79A7" };
const OPTIMUM = { at: -Math.log(4), name: "−log 4" };
const NOTE =
  `KL(data ‖ fakes) and JS in nats, from histograms of ${BINS} × ${BINS} bins, each ${(2 * REACH) / BINS} wide, of ` +
  `${SAMPLES.toLocaleString("en")} fakes; dotted: what as many data would have.`;

export class View {
  // changed() is called when a layer was switched on or off.
  constructor(parent, game, record, changed) {
    Object.assign(this, { game, record });
    this.layers = Object.fromEntries(LAYERS.map(([key, , on]) => [key, on]));
    const stage = make("div", "gg-stage", parent);
    this.buildPlane(make("div", "gg-left", stage), changed);
    this.buildCurves(make("div", "gg-right", stage));
  }

  buildPlane(parent, changed) {
    const size = { width: PICTURE, height: PICTURE };
    this.canvas = make("canvas", "gg-plane", parent, { ...size, role: "img", tabindex: 0 });
    this.painter = new Painter(this.canvas);
    this.scale = buildScale(parent);
    buildToggles(parent, this.layers, changed);
  }

  buildCurves(parent) {
    this.verdict = make("div", "gg-verdict", parent);
    const players = [
      { name: "D", color: REAL },
      { name: "G", color: FAKE, dash: true },
    ];
    const distances = [
      { name: "KL", color: COLORS.kl },
      { name: "JS", color: COLORS.js, dash: true },
    ];
    this.losses = new Plot(parent, "Loss", players);
    this.value = new Plot(parent, "V(D, G)", [{ name: "nats", color: "#000000" }]);
    this.distances = new Plot(parent, "Data and fakes", distances, true);
    make("p", "gg-note", parent, {}, NOTE);
  }

  showPlane(cursor) {
    this.painter.paint(this.game, this.game.fakes(DOTS), this.layers, cursor);
  }

  showCurves() {
    const { losses, distances, last, measured, ticks, changes } = this.record;
    const ofPlayers = ([tick, d, g]) => [tick, d, g];
    const ofValue = ([tick, , , value]) => [tick, value];
    const floors = Object.entries(this.game.floor ?? {}).map(([name, at]) => ({ at, color: COLORS[name] }));
    this.losses.draw(losses.rows.map(ofPlayers), ofPlayers(last), ticks, changes);
    this.value.draw(losses.rows.map(ofValue), ofValue(last), ticks, changes, [OPTIMUM]);
    this.distances.draw(distances.rows, measured && [ticks, measured.kl, measured.js], ticks, changes, floors);
    this.showVerdict();
  }

  showVerdict() {
    const { measured } = this.record;
    this.verdict.replaceChildren();
    if (measured?.modes !== undefined) {
      make("b", "", this.verdict, {}, `${measured.modes} of 8 modes`);
      make("span", "", this.verdict, {}, `${this.record.near()} within 3 σ of one`);
    }
    const canTell = this.game.loss === "minimax" || this.game.loss === "non-saturating";
    this.scale.firstChild.textContent = canTell ? "fake, D(x) = 0" : "fake";
    this.scale.lastChild.textContent = canTell ? "D(x) = 1, data" : "data";
  }

  describe(alt) {
    const names = LAYERS.filter(([key]) => this.layers[key]).map(([, name]) => name);
    this.canvas.setAttribute("aria-label", `${alt}: ${names.join(", ")}. ${this.record.inWords()}`);
  }
}
