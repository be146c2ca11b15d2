// What is seen: the curves over time, and the plane. The game itself is in gan_data.js.

const PICTURE = 720; // pixels of the plane's side
const GRID = 44; // squares of the heat map along a side
const SHEET = 16; // cells of the generator's sheet along a side
const DOTS = 500;
const ARROWS = 120;
const KEPT = 600; // points of a curve; when there are more, neighbors are merged
const REAL = "#0072B2";
const FAKE = "#D55E00";
const INK = "#333333";
function make(tag, className, parent, attributes = {}, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

const minus = (text) => String(text).replace("-", "\u2212");
const shortly = (value) => (Number.isFinite(value) ? minus(value.toFixed(2)) : "–");

// -- curves over time -------------------------------------------------------------------------------------------------

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

function plotter(parent, title, series, lines, log = false) {
  const box = make("figure", "gg-plot", parent);
  const caption = make("figcaption", "", box);
  make("b", "", caption, {}, title);
  const values = series.map(({ name, color, dash }) => {
    const entry = make("span", "gg-key", caption, {}, "");
    make("i", "", entry).style.cssText = `border-top: 3px ${dash ? "dashed" : "solid"} ${color}`;
    make("span", "", entry, {}, name);
    return make("span", "gg-value", entry);
  });
  const canvas = make("canvas", "", box, { width: 480, height: 156, role: "img", "aria-label": title });
  const pen = canvas.getContext("2d");
  const scale = (value) => (log ? Math.log10(Math.max(value, 1e-3)) : value);

  return function draw(rows, last, steps, changes, guides = lines) {
    const { width, height } = canvas;
    const [left, right, top, bottom] = [62, width - 10, 10, height - 30];
    pen.fillStyle = "white";
    pen.fillRect(0, 0, width, height);
    let [low, high] = log ? [-3, 1] : [Infinity, -Infinity];
    if (!log) {
      const heights = rows.flatMap((row) => row.slice(1)).concat(guides.map(({ at }) => at)).filter(Number.isFinite);
      for (const value of heights) [low, high] = [Math.min(low, value), Math.max(high, value)];
      if (!(low < high)) [low, high] = Number.isFinite(low) ? [low - 1, high + 1] : [0, 1];
      const margin = 0.08 * (high - low);
      [low, high] = [low - margin, high + margin];
    }
    const end = Math.max(steps, 10);
    const x = (step) => left + (right - left) * step / end;
    const y = (value) => bottom - (bottom - top) * (Math.min(Math.max(scale(value), low), high) - low) / (high - low);

    pen.font = "19px sans-serif";
    pen.fillStyle = INK;
    pen.lineWidth = 1;
    pen.strokeStyle = "#dddddd";
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    const ticks = log ? [0.001, 0.01, 0.1, 1, 10] : niceTicks(low, high);
    for (const tick of ticks) {
      line([[left, y(tick)], [right, y(tick)]]);
      pen.fillText(minus(tick), left - 8, y(tick));
    }
    pen.textBaseline = "top";
    pen.textAlign = "left";
    pen.fillText("0", left, bottom + 7);
    pen.textAlign = "right";
    pen.fillText(`${steps.toLocaleString("en")} steps`, right, bottom + 7);
    pen.strokeStyle = "#999999";
    pen.setLineDash([2, 6]);
    for (const step of changes) line([[x(step), top], [x(step), bottom]]);
    pen.lineWidth = 2.5;
    for (const { at, color = INK } of guides) {
      pen.strokeStyle = color;
      pen.setLineDash([3, 6]);
      line([[left, y(at)], [right, y(at)]]);
    }
    series.forEach(({ color, dash }, k) => {
      pen.strokeStyle = color;
      pen.lineWidth = 3;
      pen.setLineDash(dash ? [9, 6] : []);
      line(rows.filter((row) => Number.isFinite(row[k + 1])).map((row) => [x(row[0]), y(row[k + 1])]));
      values[k].textContent = last ? shortly(last[k + 1]) : "–";
    });
    pen.setLineDash([]);
    for (const { at, name } of guides.filter(({ name }) => name)) {
      const low = y(at) > (top + bottom) / 2;
      pen.textBaseline = low ? "bottom" : "top";
      pen.strokeStyle = "white";
      pen.lineWidth = 5;
      for (const write of ["strokeText", "fillText"]) pen[write](name, right - 4, y(at) + (low ? -4 : 5));
    }
    canvas.setAttribute("aria-label", `${title}: ${series.map(({ name }, k) => `${name} ${values[k].textContent}`).join(", ")}`);
  };

  function line(points) {
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(x, y);
    pen.stroke();
  }
}

function niceTicks(low, high) {
  const rough = (high - low) / 4.5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(Number(tick.toPrecision(6)));
  return ticks;
}

// -- the plane --------------------------------------------------------------------------------------------------------

const toX = (x) => (x / REACH + 1) / 2 * PICTURE;
const toY = (y) => (1 - y / REACH) / 2 * PICTURE;

// From vermilion, fakes, over white at 0.5 to blue, data.
function heatColor(verdict, pixels, at) {
  const share = Math.min(Math.max(verdict, 0), 1);
  const end = share > 0.5 ? [96, 168, 216] : [240, 152, 92];
  const strength = Math.abs(2 * share - 1);
  for (let c = 0; c < 3; c++) pixels[at + c] = 255 + strength * (end[c] - 255);
  pixels[at + 3] = 255;
}

function painter(canvas) {
  const pen = canvas.getContext("2d");
  const small = document.createElement("canvas");
  small.width = small.height = GRID;
  const image = new ImageData(GRID, GRID);
  const centers = new Float64Array(2 * GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      centers[2 * (row * GRID + column)] = REACH * (2 * (column + 0.5) / GRID - 1);
      centers[2 * (row * GRID + column) + 1] = REACH * (1 - 2 * (row + 0.5) / GRID);
    }
  }

  function heat(game) {
    const verdicts = game.verdict(centers, GRID * GRID);
    verdicts.forEach((verdict, i) => heatColor(verdict, image.data, 4 * i));
    small.getContext("2d").putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = true;
    pen.drawImage(small, 0, 0, PICTURE, PICTURE);
  }

  // The latent square's grid, carried into the plane; the denser the samples there, the darker the cell.
  function sheet(game) {
    const corners = game.sheet(SHEET);
    pen.fillStyle = FAKE;
    pen.strokeStyle = "rgba(120, 50, 0, 0.55)";
    pen.lineWidth = 1.5;
    const rows = game.latent_dim === 1 ? 0 : SHEET;
    const at = (i, j) => 2 * (j * (SHEET + 1) + i);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < SHEET; i++) {
        const cell = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)].map((k) => [corners[k], corners[k + 1]]);
        const area = Math.abs(cell.reduce((sum, [x, y], k) => {
          const [nextX, nextY] = cell[(k + 1) % 4];
          return sum + x * nextY - nextX * y;
        }, 0)) / 2;
        pen.globalAlpha = Math.min(0.75, 0.03 / (area + 0.03));
        pen.beginPath();
        for (const [x, y] of cell) pen.lineTo(toX(x), toY(y));
        pen.closePath();
        pen.fill();
        pen.globalAlpha = 1;
        pen.stroke();
      }
    }
    if (rows) return;
    pen.beginPath();
    for (let i = 0; i <= SHEET * SHEET; i++) pen.lineTo(toX(corners[2 * i]), toY(corners[2 * i + 1]));
    pen.lineWidth = 4;
    pen.stroke();
  }

  function grid() {
    pen.strokeStyle = "rgba(0, 0, 0, 0.10)";
    pen.fillStyle = "rgba(0, 0, 0, 0.6)";
    pen.font = "21px sans-serif";
    for (let tick = -2; tick <= 2; tick++) {
      pen.lineWidth = tick ? 1 : 2;
      pen.beginPath();
      pen.moveTo(toX(tick), 0);
      pen.lineTo(toX(tick), PICTURE);
      pen.moveTo(0, toY(tick));
      pen.lineTo(PICTURE, toY(tick));
      pen.stroke();
      pen.textAlign = "center";
      pen.textBaseline = "bottom";
      pen.fillText(minus(tick), toX(tick), PICTURE - 4);
      pen.textAlign = "left";
      pen.textBaseline = "middle";
      pen.fillText(minus(tick), 6, toY(tick));
    }
  }

  // A stamp is drawn once and printed hundreds of times, which is faster than hundreds of paths.
  function stamp(color, trace) {
    const die = document.createElement("canvas");
    die.width = die.height = 20;
    const ink = die.getContext("2d");
    ink.fillStyle = color;
    ink.strokeStyle = "white";
    ink.lineWidth = 1.5;
    ink.beginPath();
    trace(ink);
    ink.closePath();
    ink.fill();
    ink.stroke();
    return (points, count) => {
      for (let i = 0; i < 2 * Math.min(count, points.length / 2); i += 2) {
        pen.drawImage(die, Math.round(toX(points[i])) - 10, Math.round(toY(points[i + 1])) - 10);
      }
    };
  }
  const dots = stamp(REAL, (ink) => ink.arc(10, 10, 5, 0, 2 * Math.PI));
  const diamonds = stamp(FAKE, (ink) => [[10, 2], [16.5, 10], [10, 18], [3.5, 10]].forEach(([x, y]) => ink.lineTo(x, y)));

  // Where G's loss pushes each fake: minus its own gradient. Long pushes are drawn shorter than they are, so that all
  // fit; the scale is the same at all times and for all losses.
  function arrows(game, points) {
    const { gradient } = game.gan.push(points.subarray(0, 2 * ARROWS), ARROWS);
    pen.strokeStyle = pen.fillStyle = "#111111";
    pen.lineWidth = 2.5;
    for (let i = 0; i < 2 * ARROWS; i += 2) {
      const [gx, gy] = [-gradient[i], gradient[i + 1]];
      const size = Math.hypot(gx, gy);
      const length = 95 * size / (size + 2);
      if (!(length > 3)) continue;
      const [ux, uy] = [gx / size, gy / size];
      const [x, y] = [toX(points[i]), toY(points[i + 1])];
      const [tipX, tipY] = [x + length * ux, y + length * uy];
      const head = Math.min(10, length / 2);
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(tipX - head * ux, tipY - head * uy);
      pen.stroke();
      pen.beginPath();
      pen.moveTo(tipX, tipY);
      pen.lineTo(tipX - head * ux + head / 2 * uy, tipY - head * uy - head / 2 * ux);
      pen.lineTo(tipX - head * ux - head / 2 * uy, tipY - head * uy + head / 2 * ux);
      pen.fill();
    }
  }

  return function paint(game, points, layers, cursor) {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, PICTURE, PICTURE);
    if (layers.heat) heat(game);
    grid();
    if (layers.sheet) sheet(game);
    if (layers.data && game.ready) game.drawn ? dots(game.drawn, Infinity) : dots(game.shown, DOTS);
    if (layers.fakes) diamonds(points, DOTS);
    if (layers.arrows) arrows(game, points);
    if (!cursor) return;
    pen.strokeStyle = "#000000";
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(toX(cursor[0]), toY(cursor[1]), 16, 0, 2 * Math.PI);
    pen.moveTo(toX(cursor[0]) - 26, toY(cursor[1]));
    pen.lineTo(toX(cursor[0]) + 26, toY(cursor[1]));
    pen.moveTo(toX(cursor[0]), toY(cursor[1]) - 26);
    pen.lineTo(toX(cursor[0]), toY(cursor[1]) + 26);
    pen.stroke();
  };
}
