// The widget manager speaks MathJax 2; the pages carry MathJax 3.
if (window.MathJax) {
  window.MathJax.Hub = {
    Queue: (job) => window.MathJax.startup.promise.then(() => window.MathJax.typesetPromise(job?.[2] ? [job[2]] : undefined)),
    getAllJax: () => [],
  };
}
