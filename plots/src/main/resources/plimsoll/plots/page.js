"use strict";
(async function () {
  // without these the still images stay
  if (typeof DecompressionStream === "undefined") return;
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), c => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  document.head.appendChild(script);
  if (!window.Plotly) return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const ink = () => dark.matches ? "#dddddd" : "#222222";
  for (const figure of document.querySelectorAll("figure.plot")) {
    const picture = JSON.parse(figure.querySelector("script").textContent);
    picture.layout.font.color = ink();
    const chart = document.createElement("div");
    const still = figure.firstElementChild;
    figure.insertBefore(chart, still);
    try {
      await Plotly.newPlot(chart, picture.data, picture.layout, picture.config);
      still.remove();
      dark.addEventListener("change", () => Plotly.relayout(chart, { "font.color": ink() }));
    } catch (e) {
      chart.remove();
    }
  }
})();
