// The page's parts around the pictures: what is pressed, switched and chosen.

import { make, makeButton } from "./common.js";
import { SHAPES } from "./gan_data.js";
import { LOSSES } from "./gan_players.js";

const RATES = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5];
const OPTIMIZERS = ["sgd", "momentum", "adam"];
const KS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const BATCHES = [8, 16, 32, 64, 128, 256];
const PENALTIES = [0, 0.01, 0.03, 0.1, 0.3, 1];
const NAMES = {
  ring: "ring of 8 Gaussians",
  humps: "two humps",
  given: "from the notebook",
  drawn: "drawn by hand",
  minimax: "minimax (saturating)",
  "least-squares": "least squares",
  wasserstein: "Wasserstein (GP)",
  sgd: "SGD",
  momentum: "SGD, momentum 0.9",
  adam: "Adam, β₁ = 0.5",
};
export const LAYERS = [
  ["heat", "D's verdict", true],
  ["sheet", "G's sheet", false],
  ["data", "data", true],
  ["fakes", "fakes", true],
  ["arrows", "pushes on fakes", true],
];

// Training. Returns the parts whose text changes.
export function buildBar(parent, page) {
  const bar = make("div", "gg-bar", parent, { role: "toolbar", "aria-label": "Training" });
  const play = makeButton(bar, "", "", () => page.toggle());
  play.classList.add("gg-play");
  makeButton(bar, "Step D", "One step of the discriminator (key D)", () => page.stepD());
  makeButton(bar, "Step G", "One step of the generator (key G)", () => page.stepG());
  const pace = make("span", "gg-pace", bar, { role: "group", "aria-label": "Speed" });
  makeButton(pace, "−", "Slower (key −)", () => page.changeSpeed(-1)).setAttribute("aria-label", "Slower");
  const paceText = make("span", "", pace);
  makeButton(pace, "+", "Faster (key +)", () => page.changeSpeed(1)).setAttribute("aria-label", "Faster");
  const again = "Begin again with the same seed: the same game (key R)";
  makeButton(bar, "Reset", again, () => page.reset(page.game.seed));
  const newSeed = makeButton(bar, "New seed", "", () => page.reset(page.game.seed + 1));
  return { play, paceText, newSeed, counter: make("span", "gg-counter", bar) };
}

// The scale of the verdict's colors, from fake to data.
export function buildScale(parent) {
  const scale = make("div", "gg-scale", parent, { "aria-hidden": "true" });
  make("span", "", scale, {}, "fake");
  make("i", "", scale);
  make("span", "", scale, {}, "data");
  return scale;
}

// A checkbox for each layer; `layers` holds which are on.
export function buildToggles(parent, layers, changed) {
  const toggles = make("div", "gg-layers", parent, { role: "group", "aria-label": "What is shown" });
  for (const [key, name] of LAYERS) {
    const label = make("label", "", toggles);
    const box = make("input", "", label, { type: "checkbox" });
    box.checked = layers[key];
    make("i", `gg-${key}`, label);
    make("span", "", label, {}, name);
    box.addEventListener("change", () => {
      layers[key] = box.checked;
      changed();
    });
  }
}

function choose(parent, text, title, options, value, change) {
  const label = make("label", "", parent, { title });
  make("span", "", label, {}, text);
  const select = make("select", "", label);
  const numbers = typeof value === "number";
  const all = options.includes(value) ? options : [...options, value];
  if (numbers) all.sort((a, b) => a - b);
  for (const option of all) make("option", "", select, { value: option }, NAMES[option] ?? String(option));
  select.value = value;
  select.addEventListener("change", () => change(numbers ? Number(select.value) : select.value));
  return select;
}

// What can change while the game plays. Returns the parts that change with the data.
export function buildSettings(parent, page) {
  const { game } = page;
  const box = make("div", "gg-settings", parent, { role: "group", "aria-label": "Settings" });
  const add = (...choice) => choose(box, ...choice);
  const change = (name) => (value) => page.change({ [name]: value });
  const kinds = [...Object.keys(SHAPES), ...(page.given.length ? ["given"] : []), "drawn"];
  const data = add("Data", "What the generator is to imitate", kinds, game.data, (kind) => page.useData(kind));
  add("Loss", "What the two players minimize", Object.keys(LOSSES), game.loss, change("loss"));
  add("Optimizer", "Of both players", OPTIMIZERS, game.optimizer, change("optimizer"));
  add("Steps of D, k", "Steps of D for each step of G", KS, game.k, change("k"));
  const [rateD, rateG] = game.rates;
  add("Rate of D", "Learning rate of the discriminator", RATES, rateD, (rate) => {
    page.change({ rates: [rate, game.rates[1]] });
  });
  add("Rate of G", "Learning rate of the generator", RATES, rateG, (rate) => {
    page.change({ rates: [game.rates[0], rate] });
  });
  add("R1 penalty, γ", "Keeps D flat where the data are", PENALTIES, game.r1, change("r1"));
  add("Batch size", "Examples and fakes in one step", BATCHES, game.batch, change("batch"));
  const hand = make("div", "gg-hand", box);
  const how = "Draw the data into the plane with the pointer, or with arrow keys and Enter";
  const draw = makeButton(hand, "Draw data", how, () => page.setDrawing(!page.hand.drawing));
  draw.setAttribute("aria-pressed", "false");
  const clear = makeButton(hand, "Clear", "Take the drawn data away", () => page.clearDrawing());
  return { data, draw, clear };
}
