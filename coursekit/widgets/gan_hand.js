// Data that are drawn into the plane by hand, with the pointer or with arrow keys and Enter.

import { arrow, clamp, onDrag } from "./common.js";
import { Random, REACH } from "./gan_data.js";

const BRUSH = 0.07; // standard deviation of the points that one stroke leaves
const MOST_DRAWN = 2000;
const STRIDE = 0.1; // of the cursor, for a press of an arrow key

const inside = (value) => clamp(value, -REACH, REACH);

export class Hand {
  // changed() is called when points were added to the game.
  constructor(canvas, game, changed) {
    Object.assign(this, { canvas, game, changed, cursor: null, random: new Random(1, 0) });
    onDrag(
      canvas,
      (x, y) => this.leave(REACH * (2 * x - 1), REACH * (1 - 2 * y), 6),
      () => this.drawing,
    );
    this.setDrawing(false);
  }

  setDrawing(on) {
    this.drawing = on;
    this.cursor = null;
    this.canvas.classList.toggle("gg-drawing", on);
  }

  // Leaves `count` points around (x, y); the oldest make room.
  leave(x, y, count) {
    const noise = () => BRUSH * this.random.normal();
    const added = Array.from({ length: count }, () => [x + noise(), y + noise()]).flat();
    const kept = this.game.points.slice(-2 * (MOST_DRAWN - count));
    this.game.points = this.game.drawn = Float64Array.from([...kept, ...added.map(inside)]);
    this.changed();
  }

  // Returns whether the key was one to draw with.
  press(event) {
    const way = arrow(event);
    if (!way && event.key !== "Enter" && event.key !== " ") return false;
    event.preventDefault();
    const [x, y] = this.cursor ?? [0, 0];
    this.cursor = way ? [inside(x + STRIDE * way[0]), inside(y + STRIDE * way[1])] : [x, y];
    if (!way) this.leave(...this.cursor, 20);
    return true;
  }
}
