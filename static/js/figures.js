// Figures arrive as Plotly JSON without colours: a trace or shape says its role, this file turns
// roles into marks with the values of the style sheet. Loaded only by pages with charts.
const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// Custom properties hold light-dark() and oklch(); Plotly wants rgb(), so one pixel resolves them.
const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
let colours = new Map();
function css(name, alpha = 1) {
  const key = `${name}/${alpha}`;
  if (colours.has(key)) return colours.get(key);
  const probe = document.createElement("span");
  probe.className = "vh";
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = getComputedStyle(probe).color;
  pixel.fillRect(0, 0, 1, 1);
  probe.remove();
  const [r, g, b] = pixel.getImageData(0, 0, 1, 1).data;
  colours.set(key, `rgba(${r},${g},${b},${alpha})`);
  return colours.get(key);
}

const bar = (trace) => trace.type === "bar";
const hatch = (name) => ({ marker: { color: css(name, .2), line: { color: css(name), width: 1 },
  pattern: { shape: "/", fgcolor: css(name), size: 6, solidity: .45, fillmode: "overlay" } } });
const traceRoles = {
  planned: (t) => bar(t) ? { marker: { color: css("planned"), line: { width: 0 } } }
    : { line: { color: css("planned"), width: 1.75 }, marker: { color: css("planned"), symbol: "square" } },
  opportunistic: (t) => bar(t) ? hatch("opportunistic")
    : { line: { color: css("opportunistic"), width: 1.75, dash: "dash" }, marker: { color: css("opportunistic"), symbol: "diamond" } },
  unclassified: (t) => bar(t) ? { marker: { color: css("bg"), line: { color: css("unclassified"), width: 1 }, pattern: { shape: ".", fgcolor: css("unclassified"), size: 5, solidity: .3, fillmode: "overlay" } } }
    : { line: { color: css("unclassified"), width: 1.5, dash: "dot" }, marker: { color: css("unclassified"), symbol: "circle-open" } },
  share: (t) => ({ line: { color: css("ink"), width: 1.75 },
    marker: { color: t.meta.open ? t.meta.open.map((open) => css(open ? "bg" : "ink")) : css("ink"), line: { color: css("ink"), width: 1.75 }, opacity: 1 },
    ...(t.error_y && { error_y: { color: css("ink-3"), thickness: 1, width: 3 } }), ...(t.error_x && { error_x: { color: css("ink-3"), thickness: 1, width: 3 } }) }),
  limit: () => ({ line: { color: css("line-strong"), width: 1, shape: "hvh" } }),
  actual: () => ({ line: { color: css("ink"), width: 2, shape: "hv" }, marker: { color: css("ink") } }),
  pace: () => ({ line: { color: css("line-strong"), width: 1.25, dash: "dot" } }),
  plus: () => ({ marker: { color: css("ink-3", .75), line: { width: 0 } } }),
  minus: () => ({ marker: { color: css("bg"), line: { color: css("ink-3"), width: 1.25 } } }),
  plain: (t) => bar(t) ? { marker: { color: css("ink-3"), line: { width: 0 } } } : { line: { color: css("ink-2"), width: 1.5 }, marker: { color: css("ink-2") } },
};
const shapeRoles = {
  band: () => ({ fillcolor: css("on-target", .1), line: { width: 0 }, layer: "below" }),
  derail: () => ({ line: { color: css("derailed", .8), width: 1, dash: "dot" } }),
  mark: () => ({ line: { color: css("ink-3"), width: 1, dash: "dot" } }),
  link: () => ({ line: { color: css("line-strong"), width: 1 } }),
  range: () => ({ fillcolor: css("ink-3", .14), line: { width: 0 }, layer: "below" }),
};
const isObject = (value) => value && typeof value === "object" && !Array.isArray(value);
function merge(into, from) {
  for (const key in from) into[key] = isObject(from[key]) ? merge({ ...into[key] }, from[key]) : from[key];
  return into;
}

function themeTrace(trace, narrow, font) {
  merge(trace, traceRoles[trace.meta?.role]?.(trace) ?? {});
  trace.hoverlabel = { align: "left" };
  if (trace.textposition) trace.textfont = { ...font, color: css(trace.meta?.role === "share" ? "ink" : "ink-2") };
  if (narrow && trace.meta?.wideText) {
    trace.text = undefined;
    trace.mode = trace.mode?.replace("+text", "");
  }
}
const thin = (list) => list.filter((_, index) => index % 3 === 0);
function themeAxis(layout, name, narrow) {
  const axis = layout[name] = { fixedrange: true, zeroline: false, showgrid: name[0] === "y", gridcolor: css("grid"), linecolor: css("line"), tickcolor: css("line"), automargin: true, ...layout[name] };
  const short = narrow && layout.meta?.narrow?.[name];
  if (short) axis.ticktext = short;
  else if (narrow && axis.tickvals?.length > 8) Object.assign(axis, { tickvals: thin(axis.tickvals), ticktext: axis.ticktext && thin(axis.ticktext) });
}
/** Return data, layout and config of a spec in the colours of the moment. */
export function themed(spec, width) {
  const { data, layout = {} } = structuredClone(spec);
  const narrow = width < 480;
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11.5, color: css("ink-3") };
  for (const trace of data) themeTrace(trace, narrow, font);
  for (const shape of layout.shapes ?? []) merge(shape, shapeRoles[shape.name]?.() ?? {});
  for (const note of layout.annotations ?? []) Object.assign(note, { showarrow: note.showarrow ?? false, font: { ...font, color: css(note.name || "ink-3") } });
  for (const name of Object.keys(layout)) if (/^[xy]axis/.test(name)) themeAxis(layout, name, narrow);
  return {
    data,
    layout: { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font, showlegend: false, bargap: .35, dragmode: false,
      margin: { l: 8, r: 8, t: 14, b: 24 }, hovermode: "closest",
      hoverlabel: { bgcolor: css("ink"), bordercolor: css("ink"), font: { ...font, color: css("on-ink"), size: 12 } }, ...layout },
    config: { displayModeBar: false, showSendToCloud: false, plotlyServerURL: "", responsive: false, doubleClick: false, scrollZoom: false },
  };
}

/** Return the address behind a mark, ours only: of the trace's list, or the point's own data. */
function linkOf(point) {
  const own = [point.customdata].flat().find((value) => typeof value === "string" && /^\/(?!\/)/.test(value));
  const listed = point.data?.meta?.links?.[point.pointNumber ?? point.pointIndex];
  const link = listed || own;
  return typeof link === "string" && /^\/(?!\/)/.test(link) ? link : null;
}
function listen(plot, canvas) {
  canvas.on("plotly_click", ({ points, event }) => {
    const link = points.map(linkOf).find(Boolean);
    if (!link) return;
    if (event?.ctrlKey || event?.metaKey) window.open(link, "_blank", "noopener");
    else location.assign(link);
  });
  canvas.on("plotly_hover", ({ points }) => plot.classList.toggle("over-link", points.some(linkOf)));
  canvas.on("plotly_unhover", () => plot.classList.remove("over-link"));
}
const specText = (plot) => document.getElementById(plot.dataset.figure)?.textContent ?? "";
const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) if (target.dataset.drawn && Math.abs(contentRect.width - target.dataset.drawn) > 1) draw(target);
});
async function draw(plot) {
  const text = specText(plot);
  if (!window.Plotly || !text || !plot.clientWidth) return;
  let canvas = plot.firstElementChild;
  const first = !canvas;
  if (first) {
    canvas = plot.appendChild(document.createElement("div"));
    canvas.className = "plot-canvas";
  }
  plot.dataset.drawn = String(plot.clientWidth);
  const { data, layout, config } = themed(JSON.parse(text), plot.clientWidth);
  await Plotly.react(canvas, data, { ...layout, width: plot.clientWidth, height: plot.clientHeight }, config);
  if (first) {
    listen(plot, canvas);
    sizes.observe(plot);
  }
  plot.specText = text;
  plot.dispatchEvent(new CustomEvent("figure:drawn", { bubbles: true }));
}
const rest = () => new Promise((resolve) => setTimeout(resolve));
async function drawAll(changedOnly = false) {
  for (const plot of all("[data-figure]")) {
    if (changedOnly && plot.firstElementChild && plot.specText === specText(plot)) continue;
    await draw(plot);
    await rest();  // a task a figure, so that a click is never kept waiting by all of them
  }
}

// Without script the tables stand open; with it they fold away, save those a person opened.
const opened = new Set();
function fold() {
  for (const data of all("details.data:not([data-folded])")) {
    data.open = opened.has(data.closest("figure")?.id);
    data.dataset.folded = "";
  }
}
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.("details.data[data-folded]")) return;
  opened[target.open ? "add" : "delete"](target.closest("figure")?.id);
}, true);

const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
function png(figure) {
  const plot = figure.querySelector("[data-figure]");
  const { data, layout } = themed(JSON.parse(specText(plot)), 960);
  const title = { text: escaped(figure.querySelector("h2, h3").textContent.trim()), x: 0, xref: "container", xanchor: "left", pad: { l: 16, t: 16 }, y: 1, yanchor: "top", font: { size: 15, color: css("ink") } };
  const margin = { l: 8, r: 8, b: 24, ...layout.margin, t: (layout.margin.t ?? 14) + 40 };
  Plotly.downloadImage({ data, layout: { ...layout, title, margin, paper_bgcolor: css("bg") }, config: { plotlyServerURL: "" } },
    { format: "png", scale: 2, width: 960, height: Math.max(420, plot.clientHeight + 40), filename: figure.id });
}
// A cell that starts like a formula must not become one in a spreadsheet.
const cell = (text) => `"${/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^[+-]?[\d.,\s]+%?$/.test(text) ? "'" : ""}${text.replaceAll('"', '""')}"`;
function csv(figure) {
  const rows = [...figure.querySelector("details.data table").rows];
  const text = rows.map((row) => [...row.cells].map((td) => cell(td.textContent.trim())).join(",")).join("\r\n");
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })), download: `${figure.id}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-figure-do]");
  if (button) ({ png, csv })[button.dataset.figureDo]?.(button.closest("figure"));
});

function load() {
  return new Promise((resolve, reject) => {
    const source = document.getElementById("plotly-source")?.href;
    if (window.Plotly || !source) { resolve(); return; }
    document.head.append(Object.assign(document.createElement("script"), { src: source, onload: resolve, onerror: reject }));
  });
}
const repaint = () => { colours = new Map(); drawAll(); };
document.addEventListener("theme:change", repaint);
document.addEventListener("htmx:after:swap", () => { fold(); drawAll(true); });
document.addEventListener("figure:update", ({ target }) => target.matches?.("[data-figure]") ? draw(target) : drawAll(true));
fold();
// The words first: the library is evaluated once the page has been painted.
requestAnimationFrame(() => setTimeout(async () => {
  try {
    await load();
    root.classList.add("charts");
    await drawAll();
  } catch {
    for (const plot of all("[data-figure]")) plot.hidden = true;
    for (const data of all("details.data")) data.open = true;
  }
}));
