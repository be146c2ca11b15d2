// The walk from a marked code to another: its path and its pace.

const WALK = 3000; // milliseconds

// The point at share t of the way from a to b. Spherical: Shoemake's slerp (1985) as White (2016) takes it for codes, with
// the angle of the directions and the codes' own lengths; so the middle of two independent codes from N(0, I) is about
// such a code again. Straight where there is no one arc: a direction is missing, or they are the same or opposite.
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
