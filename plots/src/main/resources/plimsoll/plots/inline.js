(function (packed) {
  "use strict";
  if (window.plimsoll) {
    window.plimsoll.draw();
    return;
  }
  // without this the still images stay
  if (typeof DecompressionStream === "undefined") return;
  let plotly = null;
  async function draw() {
    for (const figure of plotly ? document.querySelectorAll("figure.plimsoll:not([data-drawn])") : []) {
      figure.dataset.drawn = "begun";
      const still = figure.firstElementChild;
      const chart = document.createElement("div");
      figure.insertBefore(chart, still);
      try {
        const picture = JSON.parse(figure.dataset.picture);
        // notebooks have themes of their own
        picture.layout.font.color = getComputedStyle(figure).color;
        await plotly.newPlot(chart, picture.data, picture.layout, picture.config);
        still.style.display = "none";
        figure.dataset.drawn = "yes";
      } catch (e) {
        chart.remove();
        figure.dataset.drawn = "no";
      }
    }
  }
  window.plimsoll = { draw: draw };
  async function unpack() {
    const bytes = Uint8Array.from(atob(packed), c => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const others = window.Plotly;
    const script = document.createElement("script");
    // require.js, where a page has it, would take plotly.js for itself
    script.textContent = "(function (define, module, exports) {" + await new Response(stream).text() + "\n}).call(window);";
    document.head.appendChild(script);
    plotly = window.Plotly;
    if (others) window.Plotly = others;
    // figures of cells that are run later
    new MutationObserver(draw).observe(document.documentElement, { childList: true, subtree: true });
    await draw();
  }
  unpack();
})("PACKED");
