// First the decoder's arithmetic (see decoder_network.py for its steps), then what is drawn and dragged.

// -- arithmetic -------------------------------------------------------------------------------------------------------

function float16(view, count, offset) {
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const bits = view.getUint16(offset + 2 * i, true);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    numbers[i] = bits >> 15 ? -size : size;
  }
  return numbers;
}

// Rows of a matrix [columns, inner], filled up with rows of zeros to a multiple of four.
function packed(matrix, inner, columns, transpose) {
  const rows = new Float64Array(Math.ceil(columns / 4) * 4 * inner);
  if (!transpose) rows.set(matrix);
  else for (let k = 0; k < inner; k++) for (let n = 0; n < columns; n++) rows[n * inner + k] = matrix[k * columns + n];
  return rows;
}

// out[m, n] = sum over k of a[m, k] b[n, k]. Four columns of b at a time stay in the processor's nearest cache.
function multiply(a, from, rows, inner, b, columns, out, to) {
  for (let n = 0; n < columns; n += 4) {
    const left = columns - n;
    for (let m = 0; m < rows; m++) {
      const start = from + m * inner;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let p0 = n * inner;
      let p1 = p0 + inner;
      let p2 = p1 + inner;
      let p3 = p2 + inner;
      for (let k = start; k < start + inner; k++) {
        const x = a[k];
        s0 += x * b[p0++];
        s1 += x * b[p1++];
        s2 += x * b[p2++];
        s3 += x * b[p3++];
      }
      const place = to + m * columns + n;
      out[place] = s0;
      if (left > 1) out[place + 1] = s1;
      if (left > 2) out[place + 2] = s2;
      if (left > 3) out[place + 3] = s3;
    }
  }
}

function addBias(out, bias) {
  const n = bias.length;
  for (let i = 0; i < out.length; i += n) for (let j = 0; j < n; j++) out[i + j] += bias[j];
}

// Abramowitz and Stegun, 7.1.26: within 1.5e-7.
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const ACTIVATIONS = {
  relu: () => (x) => (x > 0 ? x : 0),
  leaky_relu: (slope) => (x) => (x > 0 ? x : slope * x),
  elu: (slope) => (x) => (x > 0 ? x : slope * Math.expm1(x)),
  silu: () => (x) => x * sigmoid(x),
  sigmoid: () => sigmoid,
  tanh: () => Math.tanh,
  softplus: () => (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  gelu: () => (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
};

const count = (shape) => shape.reduce((product, size) => product * size, 1);

// Each maker takes a step and a function that hands out the next weights; what it returns turns an input into an
// output, in a buffer of its own.
const STEPS = {
  dense({ from, shape, bias }, take) {
    const [inner, columns] = [from.at(-1), shape.at(-1)];
    const weights = packed(take(inner * columns), inner, columns, true);
    const shift = take(bias ? columns : 0);
    const out = new Float64Array(count(shape));
    return (x) => {
      multiply(x, 0, out.length / columns, inner, weights, columns, out, 0);
      if (bias) addBias(out, shift);
      return out;
    };
  },

  conv({ from, shape, bias, kernel: [kh, kw], stride: [sy, sx], before: [top, left] }, take) {
    const [height, width, channels] = from;
    const [rows, columns, filters] = shape;
    const inner = kh * kw * channels;
    const weights = packed(take(inner * filters), inner, filters, true);
    const shift = take(bias ? filters : 0);
    const out = new Float64Array(count(shape));
    const patches = new Float64Array(columns * inner);
    return (x) => {
      for (let i = 0; i < rows; i++) {
        patches.fill(0);
        for (let j = 0; j < columns; j++) {
          for (let ky = 0; ky < kh; ky++) {
            const y = i * sy + ky - top;
            if (y < 0 || y >= height) continue;
            const first = Math.max(0, left - j * sx);
            const last = Math.min(kw, width + left - j * sx);
            const source = (y * width + j * sx - left) * channels;
            const target = j * inner + ky * kw * channels;
            for (let c = first * channels; c < last * channels; c++) patches[target + c] = x[source + c];
          }
        }
        multiply(patches, 0, columns, inner, weights, filters, out, i * columns * filters);
      }
      if (bias) addBias(out, shift);
      return out;
    };
  },

  transposed({ from, shape, bias, kernel: [kh, kw], stride: [sy, sx], before: [top, left] }, take) {
    const [height, width, channels] = from;
    const [rows, columns, filters] = shape;
    const each = kh * kw * filters;
    const weights = packed(take(each * channels), channels, each, false);
    const shift = take(bias ? filters : 0);
    const out = new Float64Array(count(shape));
    const stamps = new Float64Array(width * each);
    return (x) => {
      out.fill(0);
      for (let i = 0; i < height; i++) {
        multiply(x, i * width * channels, width, channels, weights, each, stamps, 0);
        for (let ky = 0; ky < kh; ky++) {
          const y = i * sy + ky - top;
          if (y < 0 || y >= rows) continue;
          for (let j = 0; j < width; j++) {
            const first = Math.max(0, left - j * sx);
            const last = Math.min(kw, columns + left - j * sx);
            const source = j * each + ky * kw * filters;
            const target = (y * columns + j * sx - left) * filters;
            for (let c = first * filters; c < last * filters; c++) out[target + c] += stamps[source + c];
          }
        }
      }
      if (bias) addBias(out, shift);
      return out;
    };
  },

  normalize({ shape, center, scale, epsilon }, take) {
    const channels = shape.at(-1);
    const gamma = scale ? take(channels) : new Float64Array(channels).fill(1);
    const beta = center ? take(channels) : new Float64Array(channels);
    const [mean, variance] = [take(channels), take(channels)];
    const factor = gamma.map((value, c) => value / Math.sqrt(variance[c] + epsilon));
    const shift = beta.map((value, c) => value - mean[c] * factor[c]);
    const out = new Float64Array(count(shape));
    return (x) => {
      for (let i = 0; i < out.length; i++) out[i] = x[i] * factor[i % channels] + shift[i % channels];
      return out;
    };
  },

  upsample({ from: [, width], shape: [rows, columns, channels], size: [sy, sx] }) {
    const out = new Float64Array(rows * columns * channels);
    return (x) => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const source = (Math.floor(i / sy) * width + Math.floor(j / sx)) * channels;
          const target = (i * columns + j) * channels;
          for (let c = 0; c < channels; c++) out[target + c] = x[source + c];
        }
      }
      return out;
    };
  },

  activate({ shape, name, slope }) {
    const f = ACTIVATIONS[name](slope);
    const out = new Float64Array(count(shape));
    return (x) => {
      for (let i = 0; i < out.length; i++) out[i] = f(x[i]);
      return out;
    };
  },
};

// The decoder as a function of one code. `program` and `weights` as decoder_network.steps gives them.
export function network(program, weights) {
  const view = new DataView(weights.buffer ?? weights, weights.byteOffset ?? 0, weights.byteLength);
  let offset = 0;
  const take = (size) => {
    offset += 2 * size;
    return float16(view, size, offset - 2 * size);
  };
  const run = program.map((step) => STEPS[step.kind](step, take));
  return (z) => run.reduce((x, step) => step(x), z);
}

const LEVELS = { logits: sigmoid, images: (x) => x, signed: (x) => (x + 1) / 2 };

// The point at share t of the way from a to b. Spherical: Shoemake's slerp of the directions, as for prior samples
// (White, 2016), with the lengths between; straight where a direction is missing or opposite.
export function between(a, b, t, path) {
  const straight = a.map((value, i) => value + t * (b[i] - value));
  const [p, q] = [Math.hypot(...a), Math.hypot(...b)];
  const cosine = a.reduce((sum, value, i) => sum + value * b[i], 0) / (p * q);
  if (path !== "spherical" || !(Math.abs(cosine) < 0.9999)) return straight;
  const angle = Math.acos(cosine);
  const length = p + t * (q - p);
  const [u, v] = [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
  return a.map((value, i) => length * (u * value / p + v * b[i] / q));
}

// -- the page ---------------------------------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 640; // pixels of the pad's picture
const SHOWN = 16; // sliders
const PRESSES = 30; // presses of an arrow key from the middle to the edge
const WALK = 3000; // milliseconds

function make(tag, className, parent, attributes = {}, text = "") {
  const node = tag.startsWith("svg:") ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
  if (className) node.setAttribute("class", className);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

const bitmap = (file) => createImageBitmap(new Blob([file], { type: "image/png" }));
const short = (value) => value.toFixed(2).replace("-", "\u2212");
const rounded = (value) => Number(value.toFixed(3));
const clamp = (value, most) => Math.min(Math.max(value, -most), most);

function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

async function render({ model, el }) {
  const names = model.get("names");
  const range = model.get("range");
  const latentDim = names.length;
  const [height, width, channels] = model.get("_size");
  const program = model.get("_program");
  const decode = program.length ? network(program, model.get("_weights")) : null;
  const background = model.get("_background").byteLength ? await bitmap(model.get("_background")) : null;

  el.classList.add("decoder-explorer");
  // JupyterLab and the slides have their own ideas about arrow keys and swipes.
  el.dataset.lmSuppressShortcuts = "true";
  el.dataset.preventSwipe = "true";
  el.addEventListener("keydown", (event) => event.stopPropagation());
  if (model.get("title")) make("div", "de-title", el, {}, model.get("title"));
  const stage = make("div", "de-stage", el);
  const left = make("div", "de-plane", stage);
  const pad = make("div", "de-pad", left, {
    tabindex: 0, role: "slider", "aria-roledescription": "plane, moved by the arrow keys",
    "aria-valuemin": -range, "aria-valuemax": range,
  });
  const ground = make("canvas", "", pad, { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const over = make("svg:svg", "", pad, { viewBox: "-1 -1 2 2", "aria-hidden": "true" });
  const track = make("svg:polyline", "de-track", over);
  const flag = make("svg:circle", "de-flag", over, { r: 0.035 });
  const handle = make("svg:circle", "de-handle", over, { r: 0.05 });
  const across = make("div", "de-across", left);
  const right = make("div", "de-picture", stage);
  const canvas = make("canvas", model.get("smooth") ? "" : "de-pixelated", right, { width, height, role: "img" });
  const readout = make("div", "de-readout", right, { "aria-hidden": "true" });
  const buttons = make("div", "de-buttons", el);
  const sliders = make("div", "de-sliders", el);
  const status = make("div", "de-status", el, { role: "status" });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);

  const press = (text, title, action) => {
    const button = make("button", "", buttons, { type: "button", title }, text);
    button.addEventListener("click", action);
    return button;
  };
  press("Random", "A code drawn from the prior, N(0, I)", () => move(names.map(normal)));
  press("Reset", "Back to where it began", () => move([...model.get("origin")]));
  press("Mark start", "A walk will begin here", () => { marked = [...model.get("z")]; stop(); say(""); schedule(); });
  const walk = press("Walk", "From the marked start to where you are now", () => (walking ? stop() : setOut()));
  const path = make("select", "", buttons, { "aria-label": "Path of the walk" });
  for (const kind of ["straight", "spherical"]) make("option", "", path, { value: kind }, kind);
  path.addEventListener("change", () => schedule());

  let rows = [];
  let marked = null;
  let walking = null;
  let pending = null;
  let unsaved = false;

  function say(text, traceback) {
    status.textContent = text;
    status.classList.toggle("de-error", Boolean(traceback));
    if (traceback) make("pre", "", make("details", "", status), {}, traceback);
  }

  // -- where we are ---------------------------------------------------------------------------------------------------

  function place(z) {
    model.set("z", z.map(rounded));
    unsaved = true;
    schedule();
  }

  function move(z) {
    stop();
    place(z);
  }

  function moveInPlane(x, y) {
    const [i, j] = model.get("plane");
    const z = [...model.get("z")];
    z[i] = clamp(x, range);
    z[j] = clamp(y, range);
    move(z);
  }

  function follow(event) {
    const box = ground.getBoundingClientRect();
    const share = (at, from, size) => 2 * (at - from) / size - 1;
    moveInPlane(share(event.clientX, box.left, box.width) * range, -share(event.clientY, box.top, box.height) * range);
  }

  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    pad.focus({ preventScroll: true });
    pad.setPointerCapture(event.pointerId);
    follow(event);
  });
  pad.addEventListener("pointermove", (event) => { if (pad.hasPointerCapture(event.pointerId)) follow(event); });
  pad.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const size = range / PRESSES * (event.shiftKey ? 5 : 1);
    const [i, j] = model.get("plane");
    const z = model.get("z");
    moveInPlane(z[i] + step[0] * size, z[j] + step[1] * size);
  });

  function setOut() {
    if (!marked) return say("Press “Mark start” where the walk should begin, move elsewhere, then press “Walk”.");
    const goal = [...model.get("z")];
    if (goal.every((value, i) => value === marked[i])) return say("You are still at the start: move, then press “Walk”.");
    say("");
    walking = { goal, began: null };
    walk.textContent = "Stop";
    walk.title = "Stay here";
    requestAnimationFrame(step);
  }

  function step(now) {
    if (!walking || !el.isConnected) return;
    walking.began ??= now;
    const t = Math.min((now - walking.began) / WALK, 1);
    place(between(marked, walking.goal, t, path.value));
    if (t < 1) requestAnimationFrame(step);
    else stop();
  }

  function stop() {
    walking = null;
    walk.textContent = "Walk";
    walk.title = "From the marked start to where you are now";
  }

  // -- the plane ------------------------------------------------------------------------------------------------------

  function drawGround() {
    const pen = ground.getContext("2d");
    const [i, j] = model.get("plane");
    const scale = SIDE / (2 * range);
    pen.fillStyle = "white";
    pen.fillRect(0, 0, SIDE, SIDE);
    const home = model.get("_home");
    if (background && home[0] === i && home[1] === j) pen.drawImage(background, 0, 0, SIDE, SIDE);
    pen.strokeStyle = "rgba(0, 0, 0, 0.15)";
    for (let tick = -Math.floor(range); tick <= range && range <= 12; tick++) {
      pen.lineWidth = tick === 0 ? 3 : 1;
      const at = SIDE / 2 + tick * scale;
      pen.beginPath();
      pen.moveTo(at, 0);
      pen.lineTo(at, SIDE);
      pen.moveTo(0, at);
      pen.lineTo(SIDE, at);
      pen.stroke();
    }
    const [points, labels, legend] = [model.get("_points"), model.get("_labels"), model.get("_legend")];
    const total = points.byteLength / 2 / latentDim;
    const codes = float16(points, total * latentDim, 0);
    for (let n = 0; n < total; n++) {
      pen.fillStyle = legend[labels.byteLength ? labels.getUint8(n) : 0].color;
      pen.globalAlpha = 0.75;
      pen.beginPath();
      const [x, y] = [codes[n * latentDim + i] * scale, codes[n * latentDim + j] * scale];
      pen.arc(SIDE / 2 + x, SIDE / 2 - y, total > 500 ? 5 : 8, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.globalAlpha = 1;
  }

  function choose() {
    const plane = model.get("plane");
    across.replaceChildren();
    ["across", "up"].forEach((direction, k) => {
      const row = make("label", "", across, {}, `${direction}: `);
      if (latentDim === 2) return make("b", "", row, {}, names[plane[k]]);
      const select = make("select", "", row, { "aria-label": `Dimension ${direction}` });
      names.forEach((name, i) => make("option", "", select, { value: i }, name));
      select.value = plane[k];
      select.addEventListener("change", () => {
        const next = [...model.get("plane")];
        const chosen = Number(select.value);
        if (next[1 - k] === chosen) next[1 - k] = next[k];
        next[k] = chosen;
        stop();
        model.set("plane", next);
        model.save_changes();
        across.querySelectorAll("select")[k].focus();
      });
    });
    make("span", "", across, {}, `${-range} to ${range}`.replace("-", "\u2212"));
    sliders.replaceChildren();
    const rest = names.map((_, i) => i).filter((i) => !plane.includes(i));
    rows = rest.slice(0, SHOWN).map((i) => {
      const label = make("label", "", sliders);
      make("span", "de-name", label, { title: names[i] }, names[i]);
      const slider = make("input", "", label, {
        type: "range", min: -range, max: range, step: 0.001, "aria-label": names[i],
      });
      const value = make("span", "de-value", label, { "aria-hidden": "true" });
      const set = (to) => {
        const z = [...model.get("z")];
        z[i] = clamp(to, range);
        move(z);
      };
      slider.addEventListener("input", () => set(Number(slider.value)));
      slider.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        set(model.get("z")[i] + step * range / PRESSES);
      });
      return { i, slider, value };
    });
    const hidden = rest.length - rows.length;
    if (hidden > 0) make("span", "de-more", sliders, {}, `and ${hidden} more: choose them for the plane`);
    drawGround();
    schedule();
  }

  const legend = model.get("_legend").filter(({ name }) => name);
  if (legend.length) {
    const list = make("ul", "de-legend", left, { "aria-label": "Colors of the dots" });
    for (const { name, color } of legend) {
      make("i", "", make("li", "", list, {}, name)).style.background = color;
    }
  }

  // -- what is drawn, once a frame ------------------------------------------------------------------------------------

  function schedule() {
    pending ??= requestAnimationFrame(update);
  }

  function update() {
    pending = null;
    const z = model.get("z");
    const [i, j] = model.get("plane");
    const on = (code) => [clamp(code[i] / range, 1), clamp(-code[j] / range, 1)];
    const put = (circle, code) => { [circle.cx.baseVal.value, circle.cy.baseVal.value] = on(code); };
    put(handle, z);
    flag.style.display = marked ? "" : "none";
    track.style.display = marked ? "" : "none";
    if (marked) {
      put(flag, marked);
      const goal = walking ? walking.goal : z;
      const course = Array.from({ length: 25 }, (_, n) => on(between(marked, goal, n / 24, path.value)).join());
      track.setAttribute("points", course.join(" "));
    }
    const where = `${names[i]} = ${short(z[i])}, ${names[j]} = ${short(z[j])}`;
    readout.textContent = where;
    pad.setAttribute("aria-label", `Plane of ${names[i]} and ${names[j]}`);
    pad.setAttribute("aria-valuenow", z[i]);
    pad.setAttribute("aria-valuetext", where);
    for (const { i: k, slider, value } of rows) {
      slider.value = z[k];
      slider.setAttribute("aria-valuetext", short(z[k]));
      value.textContent = short(z[k]);
    }
    if (decode) paint(decode(z));
    else if (el.dataset.live) {
      wanted = [...z];
      if (!asked) ask();
    }
    canvas.setAttribute("aria-label", `${model.get("alt")}: ${where}`);
    if (unsaved) model.save_changes();
    unsaved = false;
  }

  function paint(values) {
    const level = LEVELS[model.get("_output")];
    const inverted = channels === 1 && model.get("_inverted");
    for (let p = 0; p < width * height; p++) {
      for (let c = 0; c < 3; c++) {
        const light = 255 * level(values[p * channels + (channels === 3 ? c : 0)]);
        image.data[4 * p + c] = inverted ? 255 - light : light; // a clamped array: rounds, and cuts at 0 and 255
      }
      image.data[4 * p + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  // -- a decoder that only the kernel can compute: one question at a time, the latest place is kept -------------------

  const id = Math.random().toString(36).slice(2);
  let wanted = null;
  let asked = false;
  let late;

  function ask() {
    model.send({ kind: "decode", id, z: wanted });
    wanted = null;
    asked = true;
    late = setTimeout(() => say("Waiting for the kernel."), 1500);
  }

  async function hear(message, buffers) {
    if (message.kind === "ready") {
      el.dataset.live = "true";
      standIn.remove();
      el.classList.remove("de-waiting");
      say("");
      schedule();
      return;
    }
    if (message.id !== id) return;
    clearTimeout(late);
    asked = false;
    const picture = message.kind === "frame" && await bitmap(buffers[0]);
    if (wanted && !asked) ask();
    if (picture) context.drawImage(picture, 0, 0);
    say(picture ? "" : message.text, message.traceback);
  }

  let standIn;
  if (!decode) {
    el.classList.add("de-waiting");
    standIn = make("img", "de-stand-in", el, { alt: `${model.get("alt")}, over the plane` });
    standIn.src = URL.createObjectURL(new Blob([model.get("_stand_in")], { type: "image/png" }));
    say(`Only Python can compute this decoder: it has ${model.get("_reason")}. Run its cell in the notebook to drag it.`);
    model.on("msg:custom", hear);
    model.send({ kind: "hello" });
  }

  model.on("change:z", schedule);
  model.on("change:plane", choose);
  choose();
  return () => {
    stop();
    clearTimeout(late);
    cancelAnimationFrame(pending);
    model.off("msg:custom", hear);
    model.off("change:z", schedule);
    model.off("change:plane", choose);
  };
}

export default { render };
