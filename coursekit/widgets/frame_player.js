// The frames stand side by side in one picture, the sheet. A place holds one index per axis; with a kernel that redraws
// it may be fractional, and the kernel is asked for the frame in between.

import { adopt, askKernel, bitmap, clamp, ICONS, make, makeButton, onArrows, statusLine } from "./common.js";

function valueAt(axis, place) {
  if (!axis.continuous || Number.isInteger(place)) return axis.values[Math.round(place)];
  const below = Math.floor(place);
  const between = axis.values[below] + (place - below) * (axis.values[below + 1] - axis.values[below]);
  return axis.whole ? Math.round(between) : between;
}

// The index of a frame that is stored for this place, or -1.
function storedIndex(axis, place) {
  return Number.isInteger(place) ? place : axis.values.indexOf(valueAt(axis, place));
}

function label(axis, place) {
  const index = storedIndex(axis, place);
  return index >= 0 ? axis.labels[index] : String(Number(valueAt(axis, place).toPrecision(3)));
}

class Player {
  constructor(model, el, sheet) {
    Object.assign(this, { model, el, sheet });
    this.axes = model.get("_axes");
    this.at = [...model.get("start")];
    this.played = 0; // the axis that plays: the one touched last
    this.timer = null;
    this.build();
    this.stop();
    if (model.get("_live")) this.listen();
    this.show();
  }

  // -- the page's parts -----------------------------------------------------------------------------------------------

  build() {
    const { model, el } = this;
    const [height, width] = model.get("_size");
    const canvas = make("canvas", model.get("smooth") ? "" : "fp-pixelated", el, { width, height, role: "img" });
    canvas.style.width = `${model.get("width")}px`;
    const controls = make("div", "fp-controls", el);
    controls.style.width = `${Math.max(model.get("width"), 440)}px`;
    this.canvas = canvas;
    this.button = makeButton(controls, "", "", () => (this.timer === null ? this.play() : this.stop()));
    this.button.classList.add("fp-play");
    const table = make("div", "fp-axes", controls);
    this.rows = this.axes.map((axis, k) => this.buildRow(table, axis, k));
    this.say = statusLine(el, "fp");
  }

  buildRow(table, axis, k) {
    make("span", "", table, { "aria-hidden": "true" }, axis.name);
    const limits = { type: "range", min: 0, max: axis.values.length - 1, step: 1 };
    const slider = make("input", "", table, { ...limits, "aria-label": axis.name });
    const value = make("span", "fp-value", table, { "aria-hidden": "true" });
    // The column is as wide as its widest label from the start, so that nothing jumps.
    value.style.minWidth = `${Math.max(4, ...axis.labels.map((text) => text.length))}ch`;
    slider.addEventListener("input", () => this.move(k, Number(slider.value)));
    onArrows(slider, (right, up) => {
      const next = right + up > 0 ? Math.floor(this.at[k]) + 1 : Math.ceil(this.at[k]) - 1;
      this.move(k, clamp(next, 0, axis.values.length - 1));
    });
    return { slider, value };
  }

  // -- showing --------------------------------------------------------------------------------------------------------

  move(k, place) {
    this.stop();
    this.played = k;
    this.at[k] = place;
    this.show();
  }

  get isStored() {
    return this.axes.every((axis, k) => storedIndex(axis, this.at[k]) >= 0);
  }

  show() {
    const { axes, at } = this;
    this.rows.forEach(({ slider, value }, k) => {
      slider.value = at[k];
      value.textContent = label(axes[k], at[k]);
      slider.setAttribute("aria-valuetext", value.textContent);
    });
    const values = axes.map((axis, k) => `${axis.name} = ${label(axis, at[k])}`).join(", ");
    this.canvas.setAttribute("aria-label", `${this.model.get("alt")}: ${values}`);
    this.kernel?.ask(this.isStored ? null : [...at]);
    if (this.isStored) this.drawStored("");
  }

  // The nearest frame that is stored, and what there is to say of it.
  drawStored(...said) {
    const indices = this.axes.map((axis, k) => {
      const index = storedIndex(axis, this.at[k]);
      return index >= 0 ? index : Math.round(this.at[k]);
    });
    const frame = indices.reduce((flat, index, k) => flat * this.axes[k].values.length + index, 0);
    const [height, width] = this.model.get("_size");
    const columns = this.model.get("_columns");
    const [left, top] = [(frame % columns) * width, Math.floor(frame / columns) * height];
    this.canvas.getContext("2d").drawImage(this.sheet, left, top, width, height, 0, 0, width, height);
    this.say(...said);
  }

  // -- the kernel's frames between the stored ones --------------------------------------------------------------------

  listen() {
    this.kernel = askKernel(this.model, {
      ready: () => {
        this.rows.forEach(({ slider }, k) => {
          if (this.axes[k].continuous) slider.step = 0.01;
        });
        this.el.dataset.live = "true";
      },
      frame: (picture) => {
        if (this.isStored) return;
        this.canvas.getContext("2d").drawImage(picture, 0, 0);
        this.say("");
      },
      failed: ({ text, traceback }) => {
        if (!this.isStored) this.drawStored(text, traceback);
      },
      late: () => this.drawStored("Waiting for the kernel; this is the nearest stored frame."),
    });
  }

  // -- playing --------------------------------------------------------------------------------------------------------

  play() {
    const { at, played: k } = this;
    const last = this.axes[k].values.length - 1;
    const advance = () => {
      if (!this.el.isConnected || (at[k] >= last && !this.model.get("loop"))) return this.stop();
      at[k] = at[k] >= last ? 0 : Math.floor(at[k]) + 1;
      this.show();
    };
    if (at[k] >= last) at[k] = -1;
    this.setButton("Pause");
    advance();
    this.timer = setInterval(advance, 1000 / this.model.get("fps"));
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.setButton("Play");
  }

  setButton(name) {
    this.button.innerHTML = ICONS[name];
    this.button.setAttribute("aria-label", name);
  }
}

async function render({ model, el }) {
  adopt(el, model, "frame-player", "fp");
  const player = new Player(model, el, await bitmap(model.get("_sheet")));
  return () => {
    player.stop();
    player.kernel?.close();
  };
}

export default { render };
