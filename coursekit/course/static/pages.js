// The widget manager speaks MathJax 2; the pages carry MathJax 3.
if (window.MathJax) {
  window.MathJax.Hub = {
    Queue: (job) => window.MathJax.startup.promise.then(() => window.MathJax.typesetPromise(job?.[2] ? [job[2]] : undefined)),
    getAllJax: () => [],
  };
}

// An equation that is wider than its box is set smaller, down to seven tenths; what is still wider scrolls.
window.MathJax?.startup?.promise.then(() => {
  for (const equation of document.querySelectorAll('mjx-container[display="true"]')) {
    for (let size = 95; size >= 70 && equation.scrollWidth > equation.clientWidth; size -= 5) equation.style.fontSize = `${size}%`;
  }
});

// The theme names some buttons otherwise than by the words on them, which nobody can then say or hear.
for (const button of document.querySelectorAll("summary[aria-label], .search-button-field[aria-label]")) button.removeAttribute("aria-label");
