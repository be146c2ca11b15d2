// The page of a game: it trains while there is time, shows what comes of it, and listens to keys and buttons.

import { adopt, clamp, ICONS, make } from "./common.js";
import { buildBar, buildSettings } from "./gan_controls.js";
import { Game } from "./gan_data.js";
import { Hand } from "./gan_hand.js";
import { Record } from "./gan_record.js";
import { View } from "./gan_view.js";

const BUDGET = 7; // milliseconds of training in a frame: drawing needs the rest of 16.7
const CURVES = 6; // frames from one drawing of the curves to the next
const SPEEDS = [1 / 30, 1 / 8, 1 / 2, 1, 2, 5, 10, 20, 50]; // steps a frame

class Page {
  constructor(model, el) {
    Object.assign(this, { model, el, playing: false, seen: true, speed: SPEEDS.indexOf(5) });
    const settings = model.get("_settings");
    this.given = doubles(model.get("_points"));
    this.game = new Game(settings, this.given);
    this.record = new Record(this.game);
    this.build();
    this.setPlayButton();
    this.changeSpeed(0);
    this.reset(settings.seed);
    for (let i = 0; i < settings.start_steps; i++) this.step(() => this.game.step());
    this.say("");
    this.show();
  }

  // -- the page's parts -----------------------------------------------------------------------------------------------

  build() {
    const { el } = this;
    this.bar = buildBar(el, this);
    this.view = new View(el, this.game, this.record, () => this.show());
    this.hand = new Hand(this.view.canvas, this.game, () => {
      if (this.status.textContent.startsWith("There are no data")) this.say("");
      this.dataChanged();
    });
    this.settings = buildSettings(el, this);
    this.settings.clear.disabled = true;
    const foot = make("div", "gg-foot", el);
    this.status = make("div", "gg-status", foot, { role: "status" });
    this.speeds = make("div", "gg-speeds", foot, { "aria-hidden": "true" });
    el.addEventListener("keydown", (event) => this.press(event));
  }

  // -- playing --------------------------------------------------------------------------------------------------------

  toggle() {
    if (this.playing) this.stop();
    else this.start();
  }

  start() {
    if (!this.trainable()) return;
    this.playing = true;
    this.setPlayButton();
    this.say("");
    Object.assign(this, { credit: 0, since: performance.now(), counted: this.game.steps, frames: 0 });
    requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    if (!this.playing || !this.el.isConnected) return;
    requestAnimationFrame((next) => this.frame(next));
    if (!this.seen) return;
    this.credit = Math.min(this.credit + SPEEDS[this.speed], Math.max(SPEEDS[this.speed], 1));
    if (this.credit >= 1) {
      this.spend();
      if (!this.playing) return this.show();
      this.showPlane();
    }
    if (++this.frames % CURVES === 0) this.showCurves();
    if (now - this.since >= 1000) this.showSpeeds(now);
  }

  // Takes the steps that the frame owes, or as many as fit into it.
  spend() {
    const begin = performance.now();
    do {
      this.step(() => this.game.step());
      this.credit--;
    } while (this.playing && this.credit >= 1 && performance.now() - begin < BUDGET);
  }

  stop() {
    if (this.playing) this.say(`Stopped. ${this.record.inWords()}`);
    this.playing = false;
    this.speeds.textContent = "";
    this.setPlayButton();
    this.show();
  }

  trainable() {
    if (!this.game.ready) this.say("There are no data yet: draw some into the plane.");
    return this.game.ready;
  }

  // Takes a step of either player or of both, and notes what came of it.
  step(take) {
    take();
    if (this.record.note(this.playing)) return;
    this.playing = false;
    this.setPlayButton();
    this.say("The weights became infinite: lower the learning rates, then press Reset.");
  }

  stepD() {
    this.stepAlone("D", () => this.game.stepDiscriminator());
  }

  stepG() {
    this.stepAlone("G", () => this.game.stepGenerator());
  }

  stepAlone(name, take) {
    if (this.playing) this.stop();
    if (!this.trainable()) return;
    this.step(take);
    this.say(`${name} took a step. ${this.record.inWords()}`);
    this.show();
  }

  changeSpeed(by) {
    this.speed = clamp(this.speed + by, 0, SPEEDS.length - 1);
    const steps = SPEEDS[this.speed];
    const plural = steps > 1 ? "s" : "";
    this.bar.paceText.textContent =
      steps < 1 ? `${Math.round(60 * steps)} steps a second` : `${steps} step${plural} a frame`;
  }

  reset(seed) {
    if (this.playing) this.stop();
    this.game.reset(seed);
    this.record.reset();
    this.bar.newSeed.title = `Begin again with other random numbers: seed ${seed + 1}`;
    this.say(`Seed ${seed}.`);
    this.show();
  }

  // Of the game's settings, such as { k: 3 }.
  change(changes) {
    Object.assign(this.game, changes);
    this.game.changeRules();
    this.record.mark();
    this.show();
  }

  // -- data -----------------------------------------------------------------------------------------------------------

  useData(kind) {
    const { game, given } = this;
    if (kind !== "drawn") game.drawn = null;
    game.data = kind;
    game.points = { given, drawn: game.drawn ?? new Float64Array(0) }[kind] ?? null;
    this.reset(game.seed);
    this.setDrawing(kind === "drawn");
    if (kind === "drawn") this.trainable();
  }

  setDrawing(on) {
    const { data, draw, clear } = this.settings;
    draw.setAttribute("aria-pressed", on);
    this.hand.setDrawing(on);
    if (on && this.game.data !== "drawn") {
      data.value = "drawn";
      this.useData("drawn");
    }
    clear.disabled = this.game.data !== "drawn";
    this.show();
  }

  clearDrawing() {
    if (this.playing) this.stop();
    this.game.drawn = null;
    this.game.points = new Float64Array(0);
    this.dataChanged();
    this.say("No data are left.");
  }

  dataChanged() {
    this.game.changeData();
    this.record.mark();
    if (!this.playing) this.record.measure();
    this.show();
  }

  // -- keys -----------------------------------------------------------------------------------------------------------

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
    if (this.hand.drawing && event.target === this.view.canvas && this.hand.press(event)) return this.show();
    const act = {
      d: () => this.stepD(),
      g: () => this.stepG(),
      p: () => this.toggle(),
      r: () => this.reset(this.game.seed),
      "+": () => this.changeSpeed(1),
      "-": () => this.changeSpeed(-1),
    }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // -- showing --------------------------------------------------------------------------------------------------------

  say(text) {
    this.status.textContent = text;
  }

  setPlayButton() {
    const name = this.playing ? "Pause" : "Play";
    this.bar.play.innerHTML = `${ICONS[name]}<span>${name}</span>`;
    this.bar.play.title = `${name} (key P)`;
  }

  show() {
    this.showPlane();
    this.showCurves();
  }

  showPlane() {
    const { game } = this;
    this.view.showPlane(this.hand.cursor);
    const [d, g] = [game.dSteps, game.gSteps].map((steps) => steps.toLocaleString("en"));
    this.bar.counter.textContent = `D ${d} · G ${g} steps`;
    Object.assign(this.el.dataset, { steps: game.steps, seed: game.seed });
  }

  showCurves() {
    this.view.showCurves();
    if (!this.playing) this.view.describe(this.model.get("alt"));
  }

  showSpeeds(now) {
    const { game, frames } = this;
    const each = (count) => Math.round((count / (now - this.since)) * 1000).toLocaleString("en");
    this.speeds.textContent = `${each(game.steps - this.counted)} steps a second, ${each(frames)} pictures a second`;
    Object.assign(this, { since: now, counted: game.steps, frames: 0 });
  }
}

// Little-endian float32 numbers, as they travel in the notebook.
function doubles(view) {
  return Float64Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

async function render({ model, el }) {
  adopt(el, model, "gan-game", "gg");
  const page = new Page(model, el);
  const watcher = new IntersectionObserver((entries) => {
    page.seen = entries.at(-1).isIntersecting;
  });
  watcher.observe(el);
  return () => {
    page.playing = false;
    watcher.disconnect();
  };
}

export default { render };
