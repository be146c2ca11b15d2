// The frames stand side by side in one picture (_sheet). `at` holds one index per axis; with a kernel that redraws,
// it may be fractional, and the kernel is asked for the frame in between.

const PLAY = '<svg viewBox="0 0 10 10" aria-hidden="true"><path d="M2 0.5v9l7.5-4.5z"/></svg>';
const PAUSE = '<svg viewBox="0 0 10 10" aria-hidden="true"><path d="M1.5 0.5h2.5v9h-2.5zM6 0.5h2.5v9h-2.5z"/></svg>';

function make(tag, className, parent, attributes = {}) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  parent.append(node);
  return node;
}

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

async function render({ model, el }) {
  const axes = model.get("_axes");
  const [height, width] = model.get("_size");
  const columns = model.get("_columns");
  const at = [...model.get("start")];

  el.classList.add("frame-player");
  // JupyterLab and the slides have their own ideas about arrow keys and swipes.
  el.dataset.lmSuppressShortcuts = "true";
  el.dataset.preventSwipe = "true";
  el.addEventListener("keydown", (event) => event.stopPropagation());
  if (model.get("title")) make("div", "fp-title", el).textContent = model.get("title");
  const canvas = make("canvas", model.get("smooth") ? "" : "fp-pixelated", el, { width, height, role: "img" });
  canvas.style.width = `${model.get("width")}px`;
  const controls = make("div", "fp-controls", el);
  controls.style.width = `${Math.max(model.get("width"), 440)}px`;
  const button = make("button", "fp-play", controls, { type: "button" });
  const table = make("div", "fp-axes", controls);
  const status = make("div", "fp-status", el, { role: "status" });
  const context = canvas.getContext("2d");
  const sheet = await createImageBitmap(new Blob([model.get("_sheet")], { type: "image/png" }));

  const rows = axes.map((axis, k) => {
    make("span", "", table, { "aria-hidden": "true" }).textContent = axis.name;
    const slider = make("input", "", table, {
      type: "range", min: 0, max: axis.values.length - 1, step: 1, "aria-label": axis.name,
    });
    const value = make("span", "fp-value", table, { "aria-hidden": "true" });
    // The column is as wide as its widest label from the start, so that nothing jumps.
    value.style.minWidth = `${Math.max(4, ...axis.labels.map((text) => text.length))}ch`;
    slider.addEventListener("input", () => { stop(); played = k; at[k] = Number(slider.value); show(); });
    slider.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      stop();
      played = k;
      const next = step > 0 ? Math.floor(at[k]) + 1 : Math.ceil(at[k]) - 1;
      at[k] = Math.min(Math.max(next, 0), axis.values.length - 1);
      show();
    });
    return { slider, value };
  });

  function say(text, traceback) {
    status.textContent = text;
    status.classList.toggle("fp-error", Boolean(traceback));
    if (!traceback) return;
    const details = make("details", "", status);
    make("summary", "", details).textContent = "Traceback";
    make("pre", "", details).textContent = traceback;
  }

  function drawStored() {
    const indices = axes.map((axis, k) => {
      const index = storedIndex(axis, at[k]);
      return index >= 0 ? index : Math.round(at[k]);
    });
    const frame = indices.reduce((flat, index, k) => flat * axes[k].values.length + index, 0);
    const left = (frame % columns) * width;
    const top = Math.floor(frame / columns) * height;
    context.drawImage(sheet, left, top, width, height, 0, 0, width, height);
  }

  const isStored = () => axes.every((axis, k) => storedIndex(axis, at[k]) >= 0);

  function show() {
    rows.forEach(({ slider, value }, k) => {
      slider.value = at[k];
      value.textContent = label(axes[k], at[k]);
      slider.setAttribute("aria-valuetext", value.textContent);
    });
    const values = axes.map((axis, k) => `${axis.name} = ${label(axis, at[k])}`).join(", ");
    canvas.setAttribute("aria-label", `${model.get("alt")}: ${values}`);
    wanted = null;
    if (isStored()) {
      drawStored();
      say("");
    } else {
      wanted = [...at];
      if (!asked) ask();
    }
  }

  // One question at a time; while the kernel draws, only the latest place is kept.
  const id = Math.random().toString(36).slice(2);
  let wanted = null;
  let asked = false;
  let late;

  function ask() {
    model.send({ kind: "redraw", id, position: wanted });
    wanted = null;
    asked = true;
    late = setTimeout(() => {
      drawStored();
      say("Waiting for the kernel; this is the nearest stored frame.");
    }, 1500);
  }

  async function hear(message, buffers) {
    if (message.kind === "ready") {
      rows.forEach(({ slider }, k) => { if (axes[k].continuous) slider.step = 0.01; });
      el.dataset.live = "true";
      return;
    }
    if (message.id !== id) return;
    clearTimeout(late);
    asked = false;
    const picture = message.kind === "frame" && await createImageBitmap(new Blob([buffers[0]], { type: "image/png" }));
    if (wanted && !asked) ask();
    if (isStored()) return;
    if (picture) {
      context.drawImage(picture, 0, 0);
      say("");
    } else {
      drawStored();
      say(message.text, message.traceback);
    }
  }

  let timer = null;
  let played = 0;

  function setPlaying(playing) {
    button.innerHTML = playing ? PAUSE : PLAY;
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    setPlaying(false);
  }

  function play() {
    const last = axes[played].values.length - 1;
    const advance = () => {
      if (!el.isConnected || (at[played] >= last && !model.get("loop"))) return stop();
      at[played] = at[played] >= last ? 0 : Math.floor(at[played]) + 1;
      show();
    };
    if (at[played] >= last) at[played] = -1;
    setPlaying(true);
    advance();
    timer = setInterval(advance, 1000 / model.get("fps"));
  }

  button.addEventListener("click", () => (timer === null ? play() : stop()));
  setPlaying(false);
  show();
  if (model.get("_live")) {
    model.on("msg:custom", hear);
    model.send({ kind: "hello" });
  }
  return () => {
    stop();
    clearTimeout(late);
    model.off("msg:custom", hear);
  };
}

export default { render };
