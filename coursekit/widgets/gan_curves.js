// The curves of a game over its steps.

import { clamp, make, minus } from "./common.js";
import { shortly } from "./gan_record.js";

export const REAL = "#0072B2";
export const FAKE = "#D55E00";
const INK = "#333333";
const DECADES = [0.001, 0.01, 0.1, 1, 10];

export class Plot {
  // series: [{ name, color, dash }]. log: whether the axis is logarithmic, from 0.001 to 10.
  constructor(parent, title, series, log = false) {
    const box = make("figure", "gg-plot", parent);
    const caption = make("figcaption", "", box);
    make("b", "", caption, {}, title);
    const values = series.map(({ name, color, dash }) => {
      const entry = make("span", "gg-key", caption);
      make("i", "", entry).style.cssText = `border-top: 3px ${dash ? "dashed" : "solid"} ${color}`;
      make("span", "", entry, {}, name);
      return make("span", "gg-value", entry);
    });
    const canvas = make("canvas", "", box, { width: 480, height: 156, role: "img", "aria-label": title });
    Object.assign(this, { title, series, log, values, canvas, pen: canvas.getContext("2d") });
    [this.left, this.right, this.top, this.bottom] = [62, canvas.width - 10, 10, canvas.height - 30];
  }

  // rows: [[step, ...values], ...]; last: the values now, in such a row, or null.
  // changes: steps at which a rule changed. guides: [{ at, name, color }], level lines.
  draw(rows, last, steps, changes, guides = []) {
    this.scale(rows, steps, guides);
    this.drawAxes(steps);
    this.drawLevels(changes, guides);
    this.drawSeries(rows);
    this.drawNames(guides);
    this.series.forEach((_, k) => {
      this.values[k].textContent = last ? shortly(last[k + 1]) : "–";
    });
    const said = this.series.map(({ name }, k) => `${name} ${this.values[k].textContent}`);
    this.canvas.setAttribute("aria-label", `${this.title}: ${said.join(", ")}`);
  }

  // Finds `low`, `high`, x(step) and y(value).
  scale(rows, steps, guides) {
    const { left, right, top, bottom, log } = this;
    [this.low, this.high] = log
      ? [-3, 1]
      : span([...rows.flatMap((row) => row.slice(1)), ...guides.map(({ at }) => at)]);
    const { low, high } = this;
    const height = (value) => (log ? Math.log10(Math.max(value, 1e-3)) : value);
    this.x = (step) => left + ((right - left) * step) / Math.max(steps, 10);
    this.y = (value) => bottom - ((bottom - top) * (clamp(height(value), low, high) - low)) / (high - low);
  }

  drawAxes(steps) {
    const { pen, canvas, left, right, bottom, y } = this;
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.font = "19px sans-serif";
    pen.fillStyle = INK;
    pen.lineWidth = 1;
    pen.strokeStyle = "#dddddd";
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const tick of this.log ? DECADES : niceTicks(this.low, this.high)) {
      this.level(y(tick));
      pen.fillText(minus(tick), left - 8, y(tick));
    }
    pen.textBaseline = "top";
    pen.textAlign = "left";
    pen.fillText("0", left, bottom + 7);
    pen.textAlign = "right";
    pen.fillText(`${steps.toLocaleString("en")} steps`, right, bottom + 7);
  }

  drawLevels(changes, guides) {
    const { pen, top, bottom, x, y } = this;
    pen.strokeStyle = "#999999";
    pen.setLineDash([2, 6]);
    for (const step of changes) this.line([x(step), top], [x(step), bottom]);
    pen.lineWidth = 2.5;
    pen.setLineDash([3, 6]);
    for (const { at, color = INK } of guides) {
      pen.strokeStyle = color;
      this.level(y(at));
    }
  }

  drawSeries(rows) {
    const { pen, x, y } = this;
    pen.lineWidth = 3;
    for (const [k, { color, dash }] of this.series.entries()) {
      pen.strokeStyle = color;
      pen.setLineDash(dash ? [9, 6] : []);
      this.line(...rows.filter((row) => Number.isFinite(row[k + 1])).map((row) => [x(row[0]), y(row[k + 1])]));
    }
    pen.setLineDash([]);
  }

  drawNames(guides) {
    const { pen, right, top, bottom, y } = this;
    for (const { at, name } of guides.filter(({ name }) => name)) {
      const below = y(at) > (top + bottom) / 2;
      pen.textBaseline = below ? "bottom" : "top";
      pen.strokeStyle = "white";
      pen.lineWidth = 5;
      for (const write of ["strokeText", "fillText"]) pen[write](name, right - 4, y(at) + (below ? -4 : 5));
    }
  }

  level(y) {
    this.line([this.left, y], [this.right, y]);
  }

  line(...points) {
    this.pen.beginPath();
    for (const [x, y] of points) this.pen.lineTo(x, y);
    this.pen.stroke();
  }
}

// [low, high] around the values that are finite, with a margin.
function span(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values.filter(Number.isFinite)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!(low < high)) [low, high] = Number.isFinite(low) ? [low - 1, high + 1] : [0, 1];
  const margin = 0.08 * (high - low);
  return [low - margin, high + margin];
}

function niceTicks(low, high) {
  const rough = (high - low) / 4.5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(Number(tick.toPrecision(6)));
  return ticks;
}
