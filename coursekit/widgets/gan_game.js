// The widget: what is pressed and chosen. The game is in gan_data.js, what is drawn in gan_picture.js.

const BUDGET = 7; // milliseconds of training in a frame: drawing needs the rest of 16.7
const CURVES = 6; // frames from one drawing of the curves to the next
const SPEEDS = [1 / 30, 1 / 8, 1 / 2, 1, 2, 5, 10, 20, 50]; // steps a frame
const RATES = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5];
const PENALTIES = [0, 0.01, 0.03, 0.1, 0.3, 1];
const NAMES = {
  ring: "ring of 8 Gaussians", humps: "two humps", line: "line", moons: "moons", spirals: "spirals", rings: "rings",
  checkerboard: "checkerboard", given: "from the notebook", drawn: "drawn by hand",
  minimax: "minimax (saturating)", "non-saturating": "non-saturating", "least-squares": "least squares", hinge: "hinge",
  wasserstein: "Wasserstein (GP)", sgd: "SGD", momentum: "SGD, momentum 0.9", adam: "Adam, β₁ = 0.5",
};
const LAYERS = [
  ["heat", "D's verdict", true],
  ["sheet", "G's sheet", false],
  ["data", "data", true],
  ["fakes", "fakes", true],
  ["arrows", "pushes on fakes", true],
];
const ICONS = {
  Play: '<svg viewBox="0 0 10 10" aria-hidden="true"><path d="M2 0.5v9l7.5-4.5z"/></svg>',
  Pause: '<svg viewBox="0 0 10 10" aria-hidden="true"><path d="M1.5 0.5h2.5v9h-2.5zM6 0.5h2.5v9h-2.5z"/></svg>',
};

const BRUSH = 0.07; // standard deviation of the points that one stroke leaves
const MOST_DRAWN = 2000;

async function render({ model, el }) {
  const settings = model.get("_settings");
  const given = doubles(model.get("_points"));
  const game = new Game(settings, given);
  const layers = Object.fromEntries(LAYERS.map(([key, , on]) => [key, on]));
  let history, distances, changes, measured;
  let speed = SPEEDS.indexOf(5);
  let playing = false;
  let drawing = false;
  let cursor = null;
  let seen = true;

  el.classList.add("gan-game");
  // JupyterLab and the slides have their own ideas about keys and swipes.
  el.dataset.lmSuppressShortcuts = "true";
  el.dataset.preventSwipe = "true";
  if (model.get("title")) make("div", "gg-title", el, {}, model.get("title"));

  // -- the page's parts -----------------------------------------------------------------------------------------------

  const bar = make("div", "gg-bar", el, { role: "toolbar", "aria-label": "Training" });
  const press = (parent, text, title, action) => {
    const button = make("button", "", parent, { type: "button", title }, text);
    button.addEventListener("click", action);
    return button;
  };
  const play = press(bar, "", "", () => (playing ? stop() : start()));
  play.classList.add("gg-play");
  press(bar, "Step D", "One step of the discriminator (key D)", stepD);
  press(bar, "Step G", "One step of the generator (key G)", stepG);
  const pace = make("span", "gg-pace", bar, { role: "group", "aria-label": "Speed" });
  press(pace, "−", "Slower (key −)", () => changeSpeed(-1)).setAttribute("aria-label", "Slower");
  const paceText = make("span", "", pace);
  press(pace, "+", "Faster (key +)", () => changeSpeed(1)).setAttribute("aria-label", "Faster");
  press(bar, "Reset", "Begin again with the same seed: the same game (key R)", () => reset(game.seed));
  const newSeed = press(bar, "New seed", "Begin again with other random numbers", () => reset(game.seed + 1));
  const counter = make("span", "gg-counter", bar);

  const stage = make("div", "gg-stage", el);
  const left = make("div", "gg-left", stage);
  const canvas = make("canvas", "gg-plane", left, { width: PICTURE, height: PICTURE, role: "img", tabindex: 0 });
  const paint = painter(canvas);
  const scale = make("div", "gg-scale", left, { "aria-hidden": "true" });
  make("span", "", scale, {}, "fake");
  make("i", "", scale);
  make("span", "", scale, {}, "data");
  const toggles = make("div", "gg-layers", left, { role: "group", "aria-label": "What is shown" });
  for (const [key, name] of LAYERS) {
    const label = make("label", "", toggles);
    const box = make("input", "", label, { type: "checkbox" });
    box.checked = layers[key];
    make("i", `gg-${key}`, label);
    make("span", "", label, {}, name);
    box.addEventListener("change", () => { layers[key] = box.checked; show(); });
  }

  const right = make("div", "gg-right", stage);
  const verdict = make("div", "gg-verdict", right);
  const drawLosses = plotter(right, "Loss", [{ name: "D", color: REAL }, { name: "G", color: FAKE, dash: true }], []);
  const drawValue = plotter(right, "V(D, G)", [{ name: "nats", color: "#000000" }],
    [{ at: -Math.log(4), name: "−log 4" }]);
  const drawDistances = plotter(
    right, "Data and fakes", [{ name: "KL", color: "#009E73" }, { name: "JS", color: "#CC79A7", dash: true }], [], true,
  );
  make("p", "gg-note", right, {},
    `KL(data ‖ fakes) and JS in nats, from histograms of ${BINS} × ${BINS} bins, each ${2 * REACH / BINS} wide, of ` +
    `${SAMPLES.toLocaleString("en")} fakes; dotted: what as many data would have.`);

  const controls = make("div", "gg-settings", el, { role: "group", "aria-label": "Settings" });
  const choose = (parent, text, title, options, value, change) => {
    const label = make("label", "", parent, { title });
    make("span", "", label, {}, text);
    const select = make("select", "", label);
    const all = options.includes(value) ? options : [...options, value];
    if (typeof value === "number") all.sort((a, b) => a - b);
    for (const option of all) make("option", "", select, { value: option }, NAMES[option] ?? String(option));
    select.value = value;
    select.addEventListener("change", () => {
      change(typeof value === "number" ? Number(select.value) : select.value);
      show();
    });
    return select;
  };
  const rule = (change) => (value) => { change(value); game.changeRules(); mark(); };
  const kinds = [...Object.keys(SHAPES), ...(given.length ? ["given"] : []), "drawn"];
  const dataSelect = choose(controls, "Data", "What the generator is to imitate", kinds, game.data, useData);
  choose(controls, "Loss", "What the two players minimize", Object.keys(LOSSES), game.loss, rule((name) => { game.loss = name; }));
  choose(controls, "Optimizer", "Of both players", ["sgd", "momentum", "adam"], game.optimizer, rule((name) => { game.optimizer = name; }));
  choose(controls, "Steps of D, k", "Steps of D for each step of G", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], game.k, (k) => { game.k = k; mark(); });
  choose(controls, "Rate of D", "Learning rate of the discriminator", RATES, game.rates[0], rule((rate) => { game.rates = [rate, game.rates[1]]; }));
  choose(controls, "Rate of G", "Learning rate of the generator", RATES, game.rates[1], rule((rate) => { game.rates = [game.rates[0], rate]; }));
  choose(controls, "R1 penalty, γ", "Keeps D flat where the data are", PENALTIES, game.r1, rule((r1) => { game.r1 = r1; }));
  choose(controls, "Batch size", "Examples and fakes in one step", [8, 16, 32, 64, 128, 256], game.batch, (batch) => { game.batch = batch; mark(); });
  const hand = make("div", "gg-hand", controls);
  const draw = press(hand, "Draw data", "Draw the data into the plane with the pointer, or with arrow keys and Enter", () => setDrawing(!drawing));
  draw.setAttribute("aria-pressed", "false");
  const clear = press(hand, "Clear", "Take the drawn data away", clearDrawing);
  const foot = make("div", "gg-foot", el);
  const status = make("div", "gg-status", foot, { role: "status" });
  const speeds = make("div", "gg-speeds", foot, { "aria-hidden": "true" });

  // -- playing --------------------------------------------------------------------------------------------------------

  function start() {
    if (!trainable()) return;
    playing = true;
    setPlayButton();
    status.textContent = "";
    let credit = 0;
    let [since, counted, frames] = [performance.now(), game.steps, 0];
    requestAnimationFrame(function frame(now) {
      if (!playing || !el.isConnected) return;
      requestAnimationFrame(frame);
      if (!seen) return;
      credit = Math.min(credit + SPEEDS[speed], Math.max(SPEEDS[speed], 1));
      const begin = performance.now();
      if (credit >= 1) {
        do {
          step(() => game.step());
          credit--;
        } while (playing && credit >= 1 && performance.now() - begin < BUDGET);
        if (!playing) return show();
        showPlane();
      }
      if (++frames % CURVES === 0) showCurves();
      if (now - since < 1000) return;
      const rate = (name, count) => `${Math.round(count / (now - since) * 1000).toLocaleString("en")} ${name} a second`;
      speeds.textContent = `${rate("steps", game.steps - counted)}, ${rate("pictures", frames)}`;
      [since, counted, frames] = [now, game.steps, 0];
    });
  }

  function stop() {
    if (playing) status.textContent = `Stopped. ${inWords()}`;
    playing = false;
    speeds.textContent = "";
    setPlayButton();
    show();
  }

  function setPlayButton() {
    const name = playing ? "Pause" : "Play";
    play.innerHTML = `${ICONS[name]}<span>${name}</span>`;
    play.title = `${name} (key P)`;
  }

  function trainable() {
    if (!game.ready) status.textContent = "There are no data yet: draw some into the plane.";
    return game.ready;
  }

  // Takes one step of either player or both, and notes what came of it.
  function step(take) {
    take();
    ticks++;
    history.add([ticks, game.last?.loss ?? NaN, game.gLoss, game.last?.value ?? NaN]);
    if (!Number.isFinite(game.gan.generator.weights[0] + game.gan.discriminator.weights[0] + (game.last?.loss ?? 0))) {
      playing = false;
      setPlayButton();
      status.textContent = "The weights became infinite: lower the learning rates, then press Reset.";
    }
    if (ticks % 10 === 0 || !playing) measure();
  }

  function stepD() {
    if (playing) stop();
    if (!trainable()) return;
    step(() => game.stepDiscriminator());
    status.textContent = `D took a step. ${inWords()}`;
    show();
  }

  function stepG() {
    if (playing) stop();
    if (!trainable()) return;
    step(() => game.stepGenerator());
    status.textContent = `G took a step. ${inWords()}`;
    show();
  }

  function changeSpeed(by) {
    speed = Math.min(Math.max(speed + by, 0), SPEEDS.length - 1);
    showSpeed();
  }

  function showSpeed() {
    const steps = SPEEDS[speed];
    paceText.textContent = steps < 1 ? `${Math.round(60 * steps)} steps a second` : `${steps} step${steps > 1 ? "s" : ""} a frame`;
  }

  let ticks;
  function reset(seed) {
    if (playing) stop();
    game.reset(seed);
    ticks = 0;
    [history, distances, changes, measured] = [new History(), new History(), [], null];
    newSeed.title = `Begin again with other random numbers: seed ${seed + 1}`;
    status.textContent = `Seed ${seed}.`;
    measure();
    show();
  }

  function mark() {
    if (ticks && changes.at(-1) !== ticks) changes.push(ticks);
  }

  function measure() {
    if (!game.ready) return;
    measured = game.measure();
    distances.add([ticks, measured.kl, measured.js]);
  }

  // -- data -----------------------------------------------------------------------------------------------------------

  function useData(kind) {
    game.data = kind;
    game.points = kind === "given" ? given : kind === "drawn" ? (game.drawn ?? new Float64Array(0)) : null;
    if (kind !== "drawn") game.drawn = null;
    reset(game.seed);
    setDrawing(kind === "drawn");
    if (kind === "drawn") trainable();
  }

  function setDrawing(on) {
    drawing = on;
    draw.setAttribute("aria-pressed", on);
    canvas.classList.toggle("gg-drawing", on);
    cursor = null;
    if (on && game.data !== "drawn") {
      dataSelect.value = "drawn";
      useData("drawn");
    }
    clear.disabled = game.data !== "drawn";
    show();
  }

  function clearDrawing() {
    if (playing) stop();
    game.drawn = null;
    game.points = new Float64Array(0);
    dataChanged();
    status.textContent = "No data are left.";
  }

  function dataChanged() {
    game.changeData();
    mark();
    if (!playing) measure();
    show();
  }

  const strokes = new Random(1, 0);
  function leave(x, y, count) {
    const points = game.points.slice(-2 * (MOST_DRAWN - count));
    const added = Array.from({ length: count }, () => [x + BRUSH * strokes.normal(), y + BRUSH * strokes.normal()]).flat();
    const inside = (value) => Math.min(Math.max(value, -REACH), REACH);
    game.points = game.drawn = Float64Array.from([...points, ...added.map(inside)]);
    if (status.textContent.startsWith("There are no data")) status.textContent = "";
    dataChanged();
  }

  function leaveAt(event) {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    leave(REACH * (2 * x - 1), REACH * (1 - 2 * y), 6);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (!drawing || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    canvas.setPointerCapture(event.pointerId);
    leaveAt(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drawing && canvas.hasPointerCapture(event.pointerId)) leaveAt(event);
  });

  // -- keys -----------------------------------------------------------------------------------------------------------

  const KEYS = { d: stepD, g: stepG, p: () => play.click(), r: () => reset(game.seed), "+": () => changeSpeed(1), "-": () => changeSpeed(-1) };

  el.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
    if (drawing && event.target === canvas) {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
      if (move || event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        const [x, y] = cursor ?? [0, 0];
        const to = (value, by) => Math.min(Math.max(value + 0.1 * by, -REACH), REACH);
        cursor = move ? [to(x, move[0]), to(y, move[1])] : [x, y];
        if (!move) leave(...cursor, 20);
        return show();
      }
    }
    const action = KEYS[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });

  // -- showing --------------------------------------------------------------------------------------------------------

  function inWords() {
    if (!measured) return "";
    const found = measured.modes === undefined ? "" : `${measured.modes} of 8 modes found, ${Math.round(100 * measured.near)} % of the fakes near one; `;
    return `${found}JS ${shortly(measured.js)}.`;
  }

  function show() {
    if (!history) return; // not yet begun
    showPlane();
    showCurves();
  }

  function showPlane() {
    paint(game, game.fakes(DOTS), layers, drawing ? cursor : null);
    counter.textContent = `D ${game.dSteps.toLocaleString("en")} · G ${game.gSteps.toLocaleString("en")} steps`;
    Object.assign(el.dataset, { steps: game.steps, seed: game.seed });
  }

  function showCurves() {
    const { rows } = history;
    drawLosses(rows.map(([at, d, g]) => [at, d, g]), [ticks, game.last?.loss ?? NaN, game.gLoss], ticks, changes);
    drawValue(rows.map((row) => [row[0], row[3]]), [ticks, game.last?.value ?? NaN], ticks, changes);
    const guides = game.floor ? [{ at: game.floor.kl, color: "#009E73" }, { at: game.floor.js, color: "#CC79A7" }] : [];
    drawDistances(distances.rows, measured && [ticks, measured.kl, measured.js], ticks, changes, guides);
    verdict.replaceChildren();
    if (measured?.modes !== undefined) {
      make("b", "", verdict, {}, `${measured.modes} of 8 modes`);
      make("span", "", verdict, {}, `${Math.round(100 * measured.near)} % of the fakes within 3 σ of one`);
    }
    const canTell = game.loss === "minimax" || game.loss === "non-saturating";
    scale.firstChild.textContent = canTell ? "fake, D(x) = 0" : "fake";
    scale.lastChild.textContent = canTell ? "D(x) = 1, data" : "data";
    if (playing) return;
    const shown = LAYERS.filter(([key]) => layers[key]).map(([, name]) => name).join(", ");
    canvas.setAttribute("aria-label", `${model.get("alt")}: ${shown}. ${inWords()}`);
  }

  const watcher = new IntersectionObserver((entries) => { seen = entries.at(-1).isIntersecting; });
  watcher.observe(el);
  setPlayButton();
  showSpeed();
  clear.disabled = true;
  reset(settings.seed);
  for (let i = 0; i < settings.start_steps; i++) step(() => game.step());
  status.textContent = "";
  show();
  return () => {
    playing = false;
    watcher.disconnect();
  };
}

// Little-endian float32 numbers, as they travel in the notebook.
function doubles(view) {
  return Float64Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

export default { render };
