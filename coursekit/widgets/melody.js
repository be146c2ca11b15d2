// Melodies of sixteenths: 0, what sounds goes on; 1, the note ends; from 2 on a note begins, 2 being the piano's lowest
// key. Their notes, their picture (a piano roll), their sound, and their MIDI file.

import { make } from "./common.js";

const LOWEST = 21; // MIDI's number of the piano's lowest key
const NAMES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const STEP = 10; // the roll's units for a sixteenth, and for a key
const KEY = 8;
const TALLEST = 18; // keys at that height; where there are more, each is lower, and the roll fits a slide

// [{ pitch, start, length }], pitch as MIDI numbers it, start and length in sixteenths.
export function notesOf(tokens) {
  const notes = [];
  let sounding = null;
  tokens.forEach((token, step) => {
    if (token === 0) return;
    if (sounding) sounding.length = step - sounding.start;
    sounding = token > 1 ? { pitch: token - 2 + LOWEST, start: step, length: tokens.length - step } : null;
    if (sounding) notes.push(sounding);
  });
  return notes;
}

// -- the picture ------------------------------------------------------------------------------------------------------

// A piano roll of `steps` sixteenths and the keys `low` to `high`: an SVG picture, and what changes in it.
export function buildRoll(parent, steps, low, high) {
  const keys = high - low + 1;
  const key = (Math.min(keys, TALLEST) * KEY) / keys;
  const [width, height] = [steps * STEP, keys * key];
  const view = `-34 0 ${width + 36} ${height}`;
  const svg = make("svg:svg", "mp-roll", parent, { viewBox: view, role: "img" });
  const top = (pitch) => (high - pitch) * key;
  for (let pitch = low; pitch <= high; pitch++) {
    const black = NAMES[pitch % 12].length > 1;
    if (black) make("svg:rect", "mp-black", svg, { x: 0, y: top(pitch), width, height: key });
    if (pitch % 12 === 0) {
      make("svg:line", "mp-octave", svg, { x1: 0, x2: width, y1: top(pitch) + key, y2: top(pitch) + key });
      make("svg:text", "", svg, { x: -6, y: top(pitch) + key - 1, "text-anchor": "end" }, `C${pitch / 12 - 1}`);
    }
  }
  for (let step = 0; step <= steps; step += 4) {
    const kind = step % 16 ? "mp-beat" : "mp-bar";
    make("svg:line", kind, svg, { x1: step * STEP, x2: step * STEP, y1: 0, y2: height });
  }
  const drawn = make("svg:g", "mp-notes", svg);
  const head = make("svg:line", "mp-head", svg, { x1: 0, x2: 0, y1: 0, y2: height, visibility: "hidden" });
  return {
    svg,
    draw(notes) {
      drawn.replaceChildren();
      for (const { pitch, start, length } of notes) {
        const place = { x: start * STEP + 0.5, y: top(pitch) + 0.5, width: length * STEP - 1, height: key - 1, rx: 2 };
        make("svg:rect", "", drawn, place);
      }
    },
    // Shows how far it has been played, in sixteenths; hides it without a step.
    point(step) {
      head.setAttribute("visibility", step === undefined ? "hidden" : "visible");
      head.setAttribute("transform", `translate(${(step ?? 0) * STEP} 0)`);
      [...drawn.children].forEach((rect) => {
        const [x, w] = [Number(rect.getAttribute("x")), Number(rect.getAttribute("width"))];
        rect.classList.toggle("mp-sounds", step !== undefined && step * STEP >= x && step * STEP < x + w);
      });
    },
  };
}

// -- the sound --------------------------------------------------------------------------------------------------------

let context; // one for the page: browsers allow only a few

// Plays notes from a sixteenth on. Returns { step(), stop() }: where it is by now, and an end to it; done() at its end.
export function playNotes(notes, from, steps, bpm, done) {
  context ??= new AudioContext();
  context.resume?.();
  const [sixteenth, begin] = [15 / bpm, context.currentTime + 0.05];
  const out = new GainNode(context, { gain: 0.3 });
  out.connect(context.destination);
  for (const { pitch, start, length } of notes) {
    if (start + length <= from) continue;
    const at = begin + Math.max(0, start - from) * sixteenth;
    const end = begin + (start + length - from) * sixteenth;
    const voice = new OscillatorNode(context, { type: "triangle", frequency: 440 * 2 ** ((pitch - 69) / 12) });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(0, at); // no clicks: it rises within 10 ms, and is silent before it ends
    loudness.gain.linearRampToValueAtTime(1, at + 0.01);
    loudness.gain.setTargetAtTime(0.35, at + 0.01, 0.25);
    loudness.gain.setTargetAtTime(0, Math.max(at + 0.03, end - 0.05), 0.012);
    voice.connect(loudness).connect(out);
    voice.start(at);
    voice.stop(end + 0.05);
  }
  const timer = setTimeout(done, ((steps - from) * sixteenth + 0.1) * 1000);
  return {
    step: () => from + Math.max(0, context.currentTime - begin) / sixteenth,
    stop() {
      clearTimeout(timer);
      out.disconnect();
    },
  };
}

// -- the file ---------------------------------------------------------------------------------------------------------

// A standard MIDI file of one track, 4 ticks a quarter note, as a Blob.
export function midiFile(notes, bpm) {
  const tempo = Math.round(60e6 / bpm);
  const bytes = [0, 0xff, 0x51, 3, (tempo >> 16) & 255, (tempo >> 8) & 255, tempo & 255];
  let now = 0;
  const at = (step, ...event) => {
    const wait = step - now;
    now = step;
    if (wait > 127) bytes.push(0x80 | (wait >> 7));
    bytes.push(wait & 127, ...event);
  };
  for (const { pitch, start, length } of notes) {
    at(start, 0x90, pitch, 80);
    at(start + length, 0x80, pitch, 0);
  }
  bytes.push(0, 0xff, 0x2f, 0);
  const size = [24, 16, 8, 0].map((shift) => (bytes.length >> shift) & 255);
  const head = [0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0, 4, 0x4d, 0x54, 0x72, 0x6b];
  return new Blob([new Uint8Array([...head, ...size, ...bytes])], { type: "audio/midi" });
}
