// The picture of the plane: D's verdict, G's sheet, data, fakes, and where G's loss pushes the fakes.

import { clamp, minus } from "./common.js";
import { FAKE, REAL } from "./gan_curves.js";
import { REACH } from "./gan_data.js";

export const PICTURE = 720; // pixels of the plane's side
export const DOTS = 500;
const GRID = 44; // squares of the heat map along a side
const SHEET = 16; // cells of the generator's sheet along a side
const PUSHES = 120;

const toX = (x) => ((x / REACH + 1) / 2) * PICTURE;
const toY = (y) => ((1 - y / REACH) / 2) * PICTURE;

// From vermilion, fakes, over white at 0.5 to blue, data.
function heatColor(verdict, pixels, at) {
  const share = clamp(verdict, 0, 1);
  const end = share > 0.5 ? [96, 168, 216] : [240, 152, 92];
  const strength = Math.abs(2 * share - 1);
  for (let c = 0; c < 3; c++) pixels[at + c] = 255 + strength * (end[c] - 255);
  pixels[at + 3] = 255;
}

// The middles [GRID * GRID, 2] of the heat map's squares, the top row first.
function middles() {
  const at = (i) => REACH * ((2 * (i + 0.5)) / GRID - 1);
  const squares = Array.from({ length: GRID * GRID }, (_, i) => [at(i % GRID), -at(Math.floor(i / GRID))]);
  return Float64Array.from(squares.flat());
}

// A small picture in `color`, drawn once and printed hundreds of times, which is faster than hundreds of paths.
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
  return die;
}

function diamond(ink) {
  ink.moveTo(10, 2);
  ink.lineTo(16.5, 10);
  ink.lineTo(10, 18);
  ink.lineTo(3.5, 10);
}

// Of a polygon, by the shoelace formula.
function area(corners) {
  const twice = corners.reduce((sum, [x, y], k) => {
    const [nextX, nextY] = corners[(k + 1) % corners.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

export class Painter {
  constructor(canvas) {
    this.pen = canvas.getContext("2d");
    this.small = document.createElement("canvas");
    this.small.width = this.small.height = GRID;
    this.image = new ImageData(GRID, GRID);
    this.middles = middles();
    this.dot = stamp(REAL, (ink) => ink.arc(10, 10, 5, 0, 2 * Math.PI));
    this.diamond = stamp(FAKE, diamond);
  }

  paint(game, fakes, layers, cursor) {
    this.pen.fillStyle = "white";
    this.pen.fillRect(0, 0, PICTURE, PICTURE);
    if (layers.heat) this.heat(game);
    this.grid();
    if (layers.sheet) this.sheet(game);
    if (layers.data && game.ready) this.print(this.dot, game.drawn ?? game.shown.subarray(0, 2 * DOTS));
    if (layers.fakes) this.print(this.diamond, fakes);
    if (layers.arrows) this.arrows(game, fakes);
    if (cursor) this.cross(...cursor);
  }

  heat(game) {
    const verdicts = game.verdict(this.middles, GRID * GRID);
    for (const [i, verdict] of verdicts.entries()) heatColor(verdict, this.image.data, 4 * i);
    this.small.getContext("2d").putImageData(this.image, 0, 0);
    this.pen.imageSmoothingEnabled = true;
    this.pen.drawImage(this.small, 0, 0, PICTURE, PICTURE);
  }

  // The latent square's grid, carried into the plane; the denser the samples there, the darker the cell.
  sheet(game) {
    const { pen } = this;
    const corners = game.sheet(SHEET);
    pen.fillStyle = FAKE;
    pen.strokeStyle = "rgba(120, 50, 0, 0.55)";
    pen.lineWidth = 1.5;
    if (game.latent_dim === 1) return this.curve(corners);
    const at = (i, j) => 2 * (j * (SHEET + 1) + i);
    for (let j = 0; j < SHEET; j++) {
      for (let i = 0; i < SHEET; i++) {
        const places = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
        this.cell(places.map((k) => [corners[k], corners[k + 1]]));
      }
    }
  }

  // One quadrilateral of the sheet, from its corners.
  cell(corners) {
    const { pen } = this;
    pen.globalAlpha = Math.min(0.75, 0.03 / (area(corners) + 0.03));
    pen.beginPath();
    for (const [x, y] of corners) pen.lineTo(toX(x), toY(y));
    pen.closePath();
    pen.fill();
    pen.globalAlpha = 1;
    pen.stroke();
  }

  // What the sheet is where the latents have one dimension.
  curve(points) {
    this.pen.lineWidth = 4;
    this.pen.beginPath();
    for (let i = 0; i < points.length; i += 2) this.pen.lineTo(toX(points[i]), toY(points[i + 1]));
    this.pen.stroke();
  }

  grid() {
    const { pen } = this;
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

  print(die, points) {
    for (let i = 0; i < points.length; i += 2) {
      this.pen.drawImage(die, Math.round(toX(points[i])) - 10, Math.round(toY(points[i + 1])) - 10);
    }
  }

  // Where G's loss pushes each fake: minus its own gradient. Long pushes are drawn shorter than they are, so that all
  // fit; the scale is the same at all times and for all losses.
  arrows(game, fakes) {
    const { gradient } = game.gan.push(fakes.subarray(0, 2 * PUSHES), PUSHES);
    this.pen.strokeStyle = this.pen.fillStyle = "#111111";
    this.pen.lineWidth = 2.5;
    for (let i = 0; i < 2 * PUSHES; i += 2) {
      const [gx, gy] = [-gradient[i], gradient[i + 1]];
      const size = Math.hypot(gx, gy);
      const length = (95 * size) / (size + 2);
      if (length > 3) this.arrow(toX(fakes[i]), toY(fakes[i + 1]), gx / size, gy / size, length);
    }
  }

  // From (x, y) in the direction of the unit vector (ux, uy), in pixels.
  arrow(x, y, ux, uy, length) {
    const { pen } = this;
    const [tipX, tipY] = [x + length * ux, y + length * uy];
    const head = Math.min(10, length / 2);
    const [endX, endY] = [tipX - head * ux, tipY - head * uy];
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(endX, endY);
    pen.stroke();
    pen.beginPath();
    pen.moveTo(tipX, tipY);
    pen.lineTo(endX + (head / 2) * uy, endY - (head / 2) * ux);
    pen.lineTo(endX - (head / 2) * uy, endY + (head / 2) * ux);
    pen.fill();
  }

  // The cursor of who draws data by keys.
  cross(x, y) {
    const { pen } = this;
    pen.strokeStyle = "#000000";
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(toX(x), toY(y), 16, 0, 2 * Math.PI);
    pen.moveTo(toX(x) - 26, toY(y));
    pen.lineTo(toX(x) + 26, toY(y));
    pen.moveTo(toX(x), toY(y) - 26);
    pen.lineTo(toX(x), toY(y) + 26);
    pen.stroke();
  }
}
