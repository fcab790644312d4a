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
  const ink = colour => (inks.get(colour.slice(0, 7)) ?? colour.slice(0, 7)) + colour.slice(7);
  // colours only: captured text that looks like one stays as it is
  const inked = value => {
    if (Array.isArray(value)) return value.map(inked);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, v]) =>
      [key, key === "colorscale" ? v.map(([at, c]) => [at, ink(c)]) : key.endsWith("color") && typeof v === "string" ? ink(v) : inked(v)]));
  };
  // where there is little room: fewer ticks, and names on several lines
  const narrow = matchMedia("(max-width: 36rem)");
  const broken = text => text.length < 14 ? text : text.replace(" -&gt; ", " -&gt;<br>").replace(/ (?=\()/, "<br>");
  const slim = ({ data, layout }) => {
    const heat = data.some(trace => trace.type === "heatmap");
    const axes = Object.keys(layout).filter(key => /^[xy]axis/.test(key));
    for (const key of axes) {
      const axis = layout[key];
      axis.tickangle = 0;
      axis.tickfont = { size: 12 };
      if (axis.type !== "category") {
        if (key === "xaxis" && !axis.dtick) axis.nticks = 4;
      } else {
        const names = axis.categoryarray ?? data[0][key[0]];
        axis.tickvals = names.map((_, i) => i);
        axis.ticktext = names.map(heat && key === "xaxis" ? name => name.replaceAll(" ", "<br>") : broken);
      }
    }
    layout.annotations.forEach(a => {
      a.font.size = 12;
      if (heat) a.text = a.text.replace(" ", "<br>");
    });
  };
  const draw = async figure => {
    const json = JSON.parse(figure.querySelector("script").textContent);
    const picture = dark.matches ? inked(json) : json;
    if (narrow.matches) slim(picture);
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
  for (const media of [dark, narrow]) {
    media.addEventListener("change", () => document.querySelectorAll("figure.drawn").forEach(draw));
  }
})();
