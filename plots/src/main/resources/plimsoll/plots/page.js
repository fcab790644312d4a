"use strict";
(async function () {
  // without these the still images stay
  if (typeof DecompressionStream === "undefined" || typeof IntersectionObserver === "undefined") return;
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), c => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  document.head.appendChild(script);
  if (!window.Plotly) return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const inks = new Map(/*INKS*/);
  // colours only: captured text that looks like one stays as it is
  const inked = value => {
    if (Array.isArray(value)) return value.map(inked);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, v]) =>
      [key, key.endsWith("color") && typeof v === "string" ? (inks.get(v.slice(0, 7)) ?? v.slice(0, 7)) + v.slice(7) : inked(v)]));
  };
  const draw = async figure => {
    const json = JSON.parse(figure.querySelector("script").textContent);
    const picture = dark.matches ? inked(json) : json;
    let chart = figure.querySelector(".chart");
    if (!chart) {
      chart = document.createElement("div");
      chart.className = "chart";
      // its numbers are in the tables below
      chart.setAttribute("aria-hidden", "true");
      figure.insertBefore(chart, figure.querySelector("svg"));
    }
    try {
      figure.classList.add("drawn");
      await Plotly.react(chart, picture.data, picture.layout, picture.config);
      figure.dataset.drawn = "yes";
    } catch (e) {
      figure.classList.remove("drawn");
      chart.remove();
    }
  };
  const near = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        near.unobserve(entry.target);
        draw(entry.target);
      }
    }
  }, { rootMargin: "600px" });
  document.querySelectorAll("figure.plot").forEach(figure => near.observe(figure));
  dark.addEventListener("change", () => document.querySelectorAll("figure.drawn").forEach(draw));
})();
