// A widget is as large as the rest of its slide allows: reveal.js scales slides, not what is on them.
function fit(part) {
  const widget = part.firstElementChild;
  const room = part.getBoundingClientRect();
  if (!widget || !room.height) return;
  part.style.setProperty("--room", `${part.clientHeight}px`);
  // These two spend the room on their pictures (slides.css), which a zoom would take from them again.
  let zoom = part.querySelector(".decoder-explorer, .gan-game") ? 1 : 1.6;
  for (; zoom > 0.5; zoom -= 0.05) {
    widget.style.zoom = zoom;
    if (widget.getBoundingClientRect().height <= room.height + 0.5 && widget.scrollWidth <= widget.clientWidth + 1) break;
  }
}

const parts = [...document.querySelectorAll(".part.widget")];
// In the next frame: fitting changes what is observed, and a change within the callback is an error of the page's.
const fitAll = (entries) => new Set(entries.map((entry) => entry.target.closest(".part.widget"))).forEach(fit);
const watch = new ResizeObserver((entries) => requestAnimationFrame(() => fitAll(entries)));
for (const part of parts) [part, ...part.querySelectorAll(".jupyter-widgets")].forEach((node) => watch.observe(node));

Reveal.initialize({
  hash: true, slideNumber: "c/t", center: false, width: 1280, height: 720, margin: 0, scrollActivationWidth: null,
  navigationMode: "linear", controls: false, transition: "none", pdfMaxPagesPerSlide: 1, pdfSeparateFragments: false,
  plugins: [RevealNotes],
});

// The speaker's view shows the notes as they are here, without the style that hides what is for screen readers.
window.MathJax.startup.promise.then(() => document.querySelectorAll("aside.notes mjx-assistive-mml").forEach((node) => node.remove()));
