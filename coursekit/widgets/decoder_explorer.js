// The page of a decoder: the plane, what the decoder makes of the code, buttons and sliders. The code is `z`, which the
// kernel shares. What can be drawn is drawn once a frame.

import { adopt, askKernel, bitmap, clamp, make, makeButton, onArrows, statusLine } from "./common.js";
import { LEVELS, network } from "./decoder_network.js";
import { Plane, PRESSES, short } from "./decoder_plane.js";
import { Walk } from "./decoder_walk.js";

const SHOWN = 16; // sliders
const WALK_TITLE = "From the marked start to where you are now";

const rounded = (value) => Number(value.toFixed(3));

function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

class Explorer {
  constructor(model, el, background) {
    Object.assign(this, { model, el, names: model.get("names"), range: model.get("range") });
    const program = model.get("_program");
    this.decode = program.length ? network(program, model.get("_weights")) : null;
    this.rows = []; // of the sliders
    this.pending = null; // the next frame
    this.unsaved = false;
    this.walk = new Walk(
      (z) => this.place(z),
      (walking) => this.setWalkButton(walking),
    );
    this.buildStage(background);
    this.buildButtons();
    this.sliders = make("div", "de-sliders", el);
    this.say = statusLine(el, "de");
    if (!this.decode) this.listen();
    this.choose();
  }

  // -- the page's parts -----------------------------------------------------------------------------------------------

  buildStage(background) {
    const { model } = this;
    const stage = make("div", "de-stage", this.el);
    const left = make("div", "de-plane", stage);
    this.plane = new Plane(left, model, background, (x, y) => this.moveInPlane(x, y));
    this.across = make("div", "de-across", left);
    this.buildLegend(left);
    const right = make("div", "de-picture", stage);
    const [height, width] = model.get("_size");
    this.canvas = make("canvas", model.get("smooth") ? "" : "de-pixelated", right, { width, height, role: "img" });
    this.pen = this.canvas.getContext("2d");
    this.image = this.pen.createImageData(width, height);
    this.readout = make("div", "de-readout", right, { "aria-hidden": "true" });
  }

  buildLegend(parent) {
    const legend = this.model.get("_legend").filter(({ name }) => name);
    if (!legend.length) return;
    const list = make("ul", "de-legend", parent, { "aria-label": "Colors of the dots" });
    for (const { name, color } of legend) {
      make("i", "", make("li", "", list, {}, name)).style.background = color;
    }
  }

  buildButtons() {
    const { model, walk } = this;
    const buttons = make("div", "de-buttons", this.el);
    makeButton(buttons, "Random", "A code drawn from the prior, N(0, I)", () => this.move(this.names.map(normal)));
    makeButton(buttons, "Reset", "Back to where it began", () => this.move([...model.get("origin")]));
    makeButton(buttons, "Mark start", "A walk will begin here", () => {
      walk.start = [...model.get("z")];
      walk.stop();
      this.say("");
      this.schedule();
    });
    this.walkButton = makeButton(buttons, "Walk", WALK_TITLE, () => (walk.goal ? walk.stop() : this.setOut()));
    const path = make("select", "", buttons, { "aria-label": "Path of the walk" });
    for (const kind of ["straight", "spherical"]) make("option", "", path, { value: kind }, kind);
    path.addEventListener("change", () => {
      walk.path = path.value;
      this.schedule();
    });
  }

  setWalkButton(walking) {
    this.walkButton.textContent = walking ? "Stop" : "Walk";
    this.walkButton.title = walking ? "Stay here" : WALK_TITLE;
  }

  // Selects for the plane's two dimensions, and sliders for the others.
  choose() {
    const plane = this.model.get("plane");
    this.across.replaceChildren();
    for (const [k, direction] of ["across", "up"].entries()) this.buildChoice(plane, k, direction);
    make("span", "", this.across, {}, `${-this.range} to ${this.range}`.replace("-", "\u2212"));
    this.sliders.replaceChildren();
    const rest = this.names.map((_, i) => i).filter((i) => !plane.includes(i));
    this.rows = rest.slice(0, SHOWN).map((i) => this.buildSlider(i));
    const hidden = rest.length - this.rows.length;
    if (hidden > 0) make("span", "de-more", this.sliders, {}, `and ${hidden} more: choose them for the plane`);
    this.plane.drawGround();
    this.schedule();
  }

  buildChoice(plane, k, direction) {
    const row = make("label", "", this.across, {}, `${direction}: `);
    if (this.names.length === 2) return make("b", "", row, {}, this.names[plane[k]]);
    const select = make("select", "", row, { "aria-label": `Dimension ${direction}` });
    for (const [i, name] of this.names.entries()) make("option", "", select, { value: i }, name);
    select.value = plane[k];
    select.addEventListener("change", () => {
      const next = [...plane];
      const chosen = Number(select.value);
      if (next[1 - k] === chosen) next[1 - k] = next[k];
      next[k] = chosen;
      this.walk.stop();
      this.model.set("plane", next);
      this.model.save_changes();
      this.across.querySelectorAll("select")[k].focus();
    });
  }

  buildSlider(i) {
    const { model, range } = this;
    const label = make("label", "", this.sliders);
    make("span", "de-name", label, { title: this.names[i] }, this.names[i]);
    const limits = { type: "range", min: -range, max: range, step: 0.001 };
    const slider = make("input", "", label, { ...limits, "aria-label": this.names[i] });
    const value = make("span", "de-value", label, { "aria-hidden": "true" });
    const set = (to) => {
      const z = [...model.get("z")];
      z[i] = clamp(to, -range, range);
      this.move(z);
    };
    slider.addEventListener("input", () => set(Number(slider.value)));
    onArrows(slider, (right, up) => set(model.get("z")[i] + ((right + up) * range) / PRESSES));
    return { i, slider, value };
  }

  // -- where we are ---------------------------------------------------------------------------------------------------

  place(z) {
    this.model.set("z", z.map(rounded));
    this.unsaved = true;
    this.schedule();
  }

  move(z) {
    this.walk.stop();
    this.place(z);
  }

  moveInPlane(x, y) {
    const [i, j] = this.model.get("plane");
    const z = [...this.model.get("z")];
    z[i] = clamp(x, -this.range, this.range);
    z[j] = clamp(y, -this.range, this.range);
    this.move(z);
  }

  setOut() {
    const { say, walk } = this;
    if (!walk.start) return say("Press “Mark start” where the walk should begin, move elsewhere, then press “Walk”.");
    const goal = [...this.model.get("z")];
    if (`${goal}` === `${walk.start}`) return say("You are still at the start: move, then press “Walk”.");
    say("");
    walk.setOut(goal);
  }

  // -- what is drawn, once a frame ------------------------------------------------------------------------------------

  schedule() {
    this.pending ??= requestAnimationFrame(() => this.update());
  }

  update() {
    this.pending = null;
    const z = this.model.get("z");
    const where = this.plane.show(z, this.walk);
    this.readout.textContent = where;
    for (const { i, slider, value } of this.rows) {
      slider.value = z[i];
      value.textContent = short(z[i]);
      slider.setAttribute("aria-valuetext", value.textContent);
    }
    if (this.decode) this.paint(this.decode(z));
    else if (this.el.dataset.live) this.kernel.ask([...z]);
    this.canvas.setAttribute("aria-label", `${this.model.get("alt")}: ${where}`);
    if (this.unsaved) this.model.save_changes();
    this.unsaved = false;
  }

  paint(values) {
    const [height, width, channels] = this.model.get("_size");
    const level = LEVELS[this.model.get("_output")];
    const inverted = channels === 1 && this.model.get("_inverted");
    const { data } = this.image;
    for (let p = 0; p < width * height; p++) {
      for (let c = 0; c < 3; c++) {
        const light = 255 * level(values[p * channels + (channels === 3 ? c : 0)]);
        data[4 * p + c] = inverted ? 255 - light : light; // a clamped array: rounds, and cuts at 0 and 255
      }
      data[4 * p + 3] = 255;
    }
    this.pen.putImageData(this.image, 0, 0);
  }

  // -- a decoder that only the kernel can compute ---------------------------------------------------------------------

  // Shows the stand-in until a kernel answers.
  listen() {
    const { model, el, say } = this;
    el.classList.add("de-waiting");
    const standIn = make("img", "de-stand-in", el, { alt: `${model.get("alt")}, over the plane` });
    standIn.src = URL.createObjectURL(new Blob([model.get("_stand_in")], { type: "image/png" }));
    say(
      `Only Python can compute this decoder: it has ${model.get("_reason")}. Run its cell in the notebook to drag it.`,
    );
    this.kernel = askKernel(model, {
      ready: () => {
        el.dataset.live = "true";
        standIn.remove();
        el.classList.remove("de-waiting");
        say("");
        this.schedule();
      },
      frame: (picture) => {
        this.pen.drawImage(picture, 0, 0);
        say("");
      },
      failed: ({ text, traceback }) => say(text, traceback),
      late: () => say("Waiting for the kernel."),
    });
  }
}

async function render({ model, el }) {
  const background = model.get("_background").byteLength ? await bitmap(model.get("_background")) : null;
  adopt(el, model, "decoder-explorer", "de");
  const explorer = new Explorer(model, el, background);
  const [schedule, choose] = [() => explorer.schedule(), () => explorer.choose()];
  model.on("change:z", schedule);
  model.on("change:plane", choose);
  return () => {
    explorer.walk.stop();
    explorer.kernel?.close();
    cancelAnimationFrame(explorer.pending);
    model.off("change:z", schedule);
    model.off("change:plane", choose);
  };
}

export default { render };
