// What every widget's page needs: elements, keys, dragging, pictures, and the conversation with a kernel.

const PATIENCE = 1500; // milliseconds before the page says that it waits for the kernel
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

export const ICONS = {
  Play: '<svg viewBox="0 0 10 10" aria-hidden="true"><path d="M2 0.5v9l7.5-4.5z"/></svg>',
  Pause: '<svg viewBox="0 0 10 10" aria-hidden="true"><path d="M1.5 0.5h2.5v9h-2.5zM6 0.5h2.5v9h-2.5z"/></svg>',
};

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
export const sigmoid = (x) => 1 / (1 + Math.exp(-x));
export const minus = (text) => String(text).replace("-", "\u2212"); // a minus sign, not a hyphen
export const bitmap = (file) => createImageBitmap(new Blob([file], { type: "image/png" }));

// -- elements ---------------------------------------------------------------------------------------------------------

// A new element at the end of `parent`; the tags of SVG begin with "svg:".
export function make(tag, className, parent, attributes = {}, text = "") {
  const node = tag.startsWith("svg:")
    ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4))
    : document.createElement(tag);
  if (className) node.setAttribute("class", className);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  parent.append(node);
  return node;
}

export function makeButton(parent, text, title, action) {
  const button = make("button", "", parent, { type: "button", title }, text);
  button.addEventListener("click", action);
  return button;
}

// Makes `el` the widget's own: its class, its title, and keys and swipes that neither JupyterLab nor the slides take.
export function adopt(el, model, className, prefix) {
  el.classList.add(className);
  el.dataset.lmSuppressShortcuts = "true";
  el.dataset.preventSwipe = "true";
  el.addEventListener("keydown", (event) => event.stopPropagation());
  if (model.get("title")) make("div", `${prefix}-title`, el, {}, model.get("title"));
}

// A line for messages. Returns say(text, traceback): a traceback marks an error, and can be unfolded.
export function statusLine(parent, prefix) {
  const node = make("div", `${prefix}-status`, parent, { role: "status" });
  return function say(text, traceback) {
    node.textContent = text;
    node.classList.toggle(`${prefix}-error`, Boolean(traceback));
    if (!traceback) return;
    const details = make("details", "", node);
    make("summary", "", details, {}, "Traceback");
    make("pre", "", details, {}, traceback);
  };
}

// -- keys and pointers ------------------------------------------------------------------------------------------------

// The way an arrow key points, [right, up], or undefined for another key.
export const arrow = (event) => ARROWS[event.key];

// Calls move(right, up, event) for each arrow key.
export function onArrows(node, move) {
  node.addEventListener("keydown", (event) => {
    const way = arrow(event);
    if (!way) return;
    event.preventDefault();
    move(...way, event);
  });
}

// Calls follow(x, y), shares of the node's width and height from its upper left corner, where a drag begins and goes.
export function onDrag(node, follow, wanted = () => true) {
  const report = (event) => {
    const box = node.getBoundingClientRect();
    follow((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !wanted()) return;
    event.preventDefault();
    event.stopPropagation();
    node.setPointerCapture(event.pointerId);
    report(event);
  });
  node.addEventListener("pointermove", (event) => {
    if (wanted() && node.hasPointerCapture(event.pointerId)) report(event);
  });
}

// -- pictures from the kernel: one question at a time; of those that come meanwhile, the latest is kept ---------------

// Says hello; ready() is called if a kernel answers. ask(at) leads to frame(bitmap) or failed(message), and to late() if
// neither comes soon; ask(null) takes back what has not been sent. See `Widget` in base.py.
export function askKernel(model, { ready, frame, failed, late }) {
  const id = Math.random().toString(36).slice(2); // a notebook may show one widget several times
  let wanted = null;
  let asked = false;
  let timer;

  function send() {
    model.send({ kind: "draw", id, at: wanted });
    wanted = null;
    asked = true;
    timer = setTimeout(late, PATIENCE);
  }

  function ask(at) {
    wanted = at;
    if (wanted && !asked) send();
  }

  async function hear(message, buffers) {
    if (message.kind === "ready") return ready();
    if (message.id !== id) return;
    clearTimeout(timer);
    asked = false;
    const picture = message.kind === "frame" && (await bitmap(buffers[0]));
    ask(wanted);
    if (picture) frame(picture);
    else failed(message);
  }

  function close() {
    clearTimeout(timer);
    model.off("msg:custom", hear);
  }

  model.on("msg:custom", hear);
  model.send({ kind: "hello" });
  return { ask, close };
}
