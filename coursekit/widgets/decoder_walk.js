// The walk from a marked code to another: its path and its pace.

const WALK = 3000; // milliseconds

// The point at share t of the way from a to b. Spherical: Shoemake's slerp (1985) as White (2016) uses it for codes: the
// angle is that of the directions, and the sines weigh the codes themselves, of whatever length. At right angles, as
// independent codes of many dimensions nearly are, the squares of the weights add up to 1: codes from N(0, I) have
// codes from N(0, I) between them. Straight where no one arc is given: a code is 0, or the two are parallel.
export function between(a, b, t, path) {
  const mix = (u, v) => a.map((value, i) => u * value + v * b[i]);
  const cosine = a.reduce((sum, value, i) => sum + value * b[i], 0) / (Math.hypot(...a) * Math.hypot(...b));
  if (path !== "spherical" || !(Math.abs(cosine) < 0.9999)) return mix(1 - t, t);
  const angle = Math.acos(cosine);
  return mix(Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle));
}

export class Walk {
  // place(z) is called on the way, changed(walking) when it begins and ends.
  constructor(place, changed) {
    Object.assign(this, { place, changed, start: null, goal: null, path: "straight" });
  }

  setOut(goal) {
    this.goal = goal;
    this.changed(true);
    let began;
    const step = (now) => {
      if (this.goal !== goal) return; // stopped
      began ??= now;
      const t = Math.min((now - began) / WALK, 1);
      this.place(between(this.start, goal, t, this.path));
      if (t < 1) requestAnimationFrame(step);
      else this.stop();
    };
    requestAnimationFrame(step);
  }

  stop() {
    this.goal = null;
    this.changed(false);
  }

  // `count` points of the way from the mark to the goal, or to z where nobody walks.
  course(z, count) {
    const at = (n) => between(this.start, this.goal ?? z, n / (count - 1), this.path);
    return Array.from({ length: count }, (_, n) => at(n));
  }
}
