// One melody of several is shown and played; a slider chooses which. Where it plays on, another one takes its place.

import { adopt, clamp, ICONS, make, makeButton, onArrows } from "./common.js";
import { buildRoll, midiFile, notesOf, playNotes } from "./melody.js";

class MelodyPlayer {
  constructor(model, el) {
    Object.assign(this, { model, el, playing: null });
    this.melodies = model.get("_melodies").map(notesOf);
    this.names = model.get("_names");
    this.at = model.get("start");
    this.build();
    this.stop();
    this.show();
  }

  build() {
    const { model, el } = this;
    const [low, high] = model.get("_keys");
    this.roll = buildRoll(el, model.get("_steps"), low, high);
    const controls = make("div", "mp-controls", el);
    this.button = makeButton(controls, "", "", () => (this.playing ? this.stop() : this.play()));
    this.button.classList.add("mp-play");
    if (this.melodies.length > 1) this.buildSlider(controls);
    this.file = make("a", "mp-file", controls, { download: "melody.mid", title: "a MIDI file of this melody" }, "MIDI");
  }

  buildSlider(controls) {
    const axis = this.model.get("axis");
    make("span", "", controls, { "aria-hidden": "true" }, axis);
    const limits = { type: "range", min: 0, max: this.melodies.length - 1, step: 1 };
    this.slider = make("input", "", controls, { ...limits, "aria-label": axis });
    this.value = make("span", "mp-value", controls, { "aria-hidden": "true" });
    this.value.style.minWidth = `${Math.max(...this.names.map((name) => name.length))}ch`;
    this.slider.addEventListener("input", () => this.choose(Number(this.slider.value)));
    onArrows(this.slider, (right, up) => this.choose(this.at + right + up));
  }

  choose(index) {
    this.at = clamp(index, 0, this.melodies.length - 1);
    this.show();
    if (this.playing) this.play(this.playing.step());
  }

  show() {
    const [name, notes] = [this.names[this.at], this.melodies[this.at]];
    this.roll.draw(notes);
    this.roll.svg.setAttribute("aria-label", [this.model.get("alt"), name].filter(Boolean).join(": "));
    if (this.file.href) URL.revokeObjectURL(this.file.href);
    this.file.href = URL.createObjectURL(midiFile(notes, this.model.get("bpm")));
    if (!this.slider) return;
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", name);
    this.value.textContent = name;
  }

  play(from = 0) {
    this.playing?.stop();
    const steps = this.model.get("_steps");
    this.playing = playNotes(this.melodies[this.at], from, steps, this.model.get("bpm"), () => this.stop());
    this.setButton("Pause");
    const follow = () => {
      if (!this.playing) return;
      if (!this.el.isConnected) return this.stop();
      this.roll.point(Math.min(this.playing.step(), steps));
      requestAnimationFrame(follow);
    };
    if (!from) follow();
  }

  stop() {
    this.playing?.stop();
    this.playing = null;
    this.roll.point();
    this.setButton("Play");
  }

  setButton(name) {
    this.button.innerHTML = ICONS[name];
    this.button.setAttribute("aria-label", name);
  }
}

function render({ model, el }) {
  adopt(el, model, "melody-player", "mp");
  const player = new MelodyPlayer(model, el);
  return () => {
    player.stop();
    URL.revokeObjectURL(player.file.href);
  };
}

export default { render };
