// The plane of two latent dimensions: dots and background below, the handle and the walk above.

import { clamp, make, minus, onArrows, onDrag } from "./common.js";
import { float16 } from "./decoder_network.js";

const SIDE = 640; // pixels of the picture below
const COURSE = 25; // points of the walk's line
export const PRESSES = 30; // presses of an arrow key from the middle to the edge

export const short = (value) => minus(value.toFixed(2));

export class Plane {
  // move(x, y) is called with what the pointer or the keys ask for: values of the two dimensions, perhaps out of range.
  constructor(parent, model, background, move) {
    Object.assign(this, { model, background, range: model.get("range"), names: model.get("names") });
    this.pad = make("div", "de-pad", parent, {
      tabindex: 0,
      role: "slider",
      "aria-roledescription": "plane, moved by the arrow keys",
      "aria-valuemin": -this.range,
      "aria-valuemax": this.range,
    });
    this.ground = make("canvas", "", this.pad, { width: SIDE, height: SIDE, "aria-hidden": "true" });
    const over = make("svg:svg", "", this.pad, { viewBox: "-1 -1 2 2", "aria-hidden": "true" });
    this.track = make("svg:polyline", "de-track", over);
    this.flag = make("svg:circle", "de-flag", over, { r: 0.035 });
    this.handle = make("svg:circle", "de-handle", over, { r: 0.05 });

    this.pad.addEventListener("pointerdown", () => this.pad.focus({ preventScroll: true }));
    onDrag(this.pad, (x, y) => move((2 * x - 1) * this.range, (1 - 2 * y) * this.range));
    onArrows(this.pad, (right, up, event) => {
      const size = (this.range / PRESSES) * (event.shiftKey ? 5 : 1);
      const [i, j] = model.get("plane");
      const z = model.get("z");
      move(z[i] + right * size, z[j] + up * size);
    });
  }

  // -- below ----------------------------------------------------------------------------------------------------------

  drawGround() {
    const pen = this.ground.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, SIDE, SIDE);
    // The background is a picture of the plane at the beginning, and of no other.
    if (this.background && `${this.model.get("_home")}` === `${this.model.get("plane")}`) {
      pen.drawImage(this.background, 0, 0, SIDE, SIDE);
    }
    this.drawLines(pen);
    this.drawDots(pen);
  }

  drawLines(pen) {
    const { range } = this;
    pen.strokeStyle = "rgba(0, 0, 0, 0.15)";
    for (let tick = -Math.floor(range); tick <= range && range <= 12; tick++) {
      pen.lineWidth = tick === 0 ? 3 : 1;
      const at = SIDE / 2 + (tick * SIDE) / (2 * range);
      pen.beginPath();
      pen.moveTo(at, 0);
      pen.lineTo(at, SIDE);
      pen.moveTo(0, at);
      pen.lineTo(SIDE, at);
      pen.stroke();
    }
  }

  drawDots(pen) {
    const [points, labels, legend] = ["_points", "_labels", "_legend"].map((name) => this.model.get(name));
    const [i, j] = this.model.get("plane");
    const scale = SIDE / (2 * this.range);
    const latentDim = this.names.length;
    const total = points.byteLength / 2 / latentDim;
    const codes = float16(points, total * latentDim, 0);
    pen.globalAlpha = 0.75;
    for (let n = 0; n < total; n++) {
      pen.fillStyle = legend[labels.getUint8(n)].color;
      pen.beginPath();
      const [x, y] = [codes[n * latentDim + i] * scale, codes[n * latentDim + j] * scale];
      pen.arc(SIDE / 2 + x, SIDE / 2 - y, total > 500 ? 5 : 8, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.globalAlpha = 1;
  }

  // -- above ----------------------------------------------------------------------------------------------------------

  // Shows where z and the walk are. Returns the place in words.
  show(z, walk) {
    const { pad, range, names } = this;
    const [i, j] = this.model.get("plane");
    const on = (code) => [clamp(code[i] / range, -1, 1), clamp(-code[j] / range, -1, 1)];
    const put = (circle, code) => {
      [circle.cx.baseVal.value, circle.cy.baseVal.value] = on(code);
    };
    put(this.handle, z);
    this.flag.style.display = this.track.style.display = walk.start ? "" : "none";
    if (walk.start) {
      put(this.flag, walk.start);
      this.track.setAttribute("points", walk.course(z, COURSE).map(on).join(" "));
    }
    const where = `${names[i]} = ${short(z[i])}, ${names[j]} = ${short(z[j])}`;
    pad.setAttribute("aria-label", `Plane of ${names[i]} and ${names[j]}`);
    pad.setAttribute("aria-valuenow", z[i]);
    pad.setAttribute("aria-valuetext", where);
    return where;
  }
}
