// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
// Everything works without this script; with it, tables and plots move and an edited form is not left by mistake.

const SAMPLES = 300;
const WIDTH = 300;
const HEIGHT = 60;
const RATE_UNITS = ["B/s", "kB/s", "MB/s", "GB/s", "TB/s"];
const STATE_WORDS = { drain: "weight 0", absent: "not in table" };

function rate(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < RATE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${bytes} B/s` : `${value.toFixed(1)} ${RATE_UNITS[unit]}`;
}

function write(cell, text) {
  if (cell.textContent !== text) {
    cell.textContent = text;
  }
}

function cellsByKey(root) {
  const cells = new Map();
  for (const row of root.querySelectorAll("[data-k]")) {
    const list = cells.get(row.dataset.k) ?? [];
    list.push(...row.querySelectorAll("[data-c], [data-remaining]"));
    cells.set(row.dataset.k, list);
  }
  return cells;
}

function show(cell, line) {
  if ("remaining" in cell.dataset) {
    write(cell, line[2] + line[3] === 0
      ? "no connections remain"
      : `${line[2]} active and ${line[3]} inactive connections remain`);
    return;
  }
  const column = Number(cell.dataset.c);
  const value = line[column];
  if ("rate" in cell.dataset) {
    write(cell, rate(value));
  } else if (cell.classList.contains("badge")) {
    cell.className = `badge ${value}`;
    write(cell, STATE_WORDS[value] ?? value);
  } else if (value !== undefined) {
    write(cell, String(value));
  }
}

function showDirector({ name, running, state, detail }) {
  const card = document.querySelector(`[data-director="${CSS.escape(name)}"]`);
  if (!card) return;
  const badge = card.querySelector(".badge");
  badge.className = `badge ${running ? "up" : "off"}`;
  write(badge, running ? "running" : "stopped");
  write(card.querySelector("[data-state]"), state);
  write(card.querySelector("[data-detail]"), detail);
}

// The upper edge of a plot: 1, 2 or 5 times a power of ten, as the page itself chooses it.
function edge(value, least) {
  let power = 1;
  while (power * 10 <= value) power *= 10;
  const times = [1, 2, 5, 10].find((factor) => factor * power >= value);
  return Math.max(least, times * power);
}

class Plot {
  constructor(element) {
    this.element = element;
    this.column = Number(element.dataset.column);
    this.line = element.querySelector("polyline");
    this.area = element.querySelector("polygon");
    this.now = element.querySelector("[data-now]");
    this.marks = element.querySelectorAll("[data-mark]");
    this.least = this.column === 5 ? 1000 : 10;
    const top = Number(element.dataset.top);
    // the page came with the past as coordinates
    this.samples = this.line.getAttribute("points").trim().split(" ").filter(Boolean)
      .map((point) => ((HEIGHT - Number(point.split(",")[1])) / HEIGHT) * top);
  }

  add(value) {
    this.samples.push(value);
    this.samples = this.samples.slice(-SAMPLES);
    const top = edge(Math.max(...this.samples), this.least);
    const step = WIDTH / (SAMPLES - 1);
    const last = this.samples.length - 1;
    const points = this.samples.map((sample, i) =>
      `${(WIDTH - (last - i) * step).toFixed(1)},${(HEIGHT - (sample / top) * HEIGHT).toFixed(1)}`);
    this.line.setAttribute("points", points.join(" "));
    this.area?.setAttribute("points", `${(WIDTH - last * step).toFixed(1)},${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`);
    const text = this.column === 5 ? rate : String;
    if (this.now) write(this.now, text(value));
    this.marks.forEach((mark) => write(mark, text((top * Number(mark.dataset.mark)) / 2)));
  }
}

function plotsByKey() {
  const plots = new Map();
  for (const element of document.querySelectorAll("[data-plot]")) {
    const list = plots.get(element.dataset.plot) ?? [];
    list.push(new Plot(element));
    plots.set(element.dataset.plot, list);
  }
  return plots;
}

// The part of the page that shows the table, anew from the server: services and servers come and go.
async function renewed() {
  const answer = await fetch(location.href);
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-renew]");
  document.querySelector("[data-renew]")?.replaceWith(fresh);
  return Boolean(fresh);
}

function live(topic) {
  let cells = cellsByKey(document);
  let plots = plotsByKey();
  let renewing = false;
  let shown = 0;
  const form = document.querySelector("[data-auto]");
  const clock = document.querySelector("[data-time]");
  const source = new EventSource(`/events?topic=${encodeURIComponent(topic)}`);
  source.addEventListener("message", async (event) => {
    const { time, rows = [], signatures = [], directors = [] } = JSON.parse(event.data);
    for (const line of rows) {
      plots.get(line[0])?.forEach((plot) => plot.add(line[plot.column]));
    }
    if (form) {
      const every = Math.max(1, Number(form.elements.every.value) || 10) * 1000;
      if (!form.elements.auto.checked || Date.now() - shown < every - 500) return;
    }
    shown = Date.now();
    const part = document.querySelector("[data-renew]");
    if (!renewing && part && signatures[part.dataset.kind === "rows" ? 0 : 1] !== part.dataset.signature) {
      renewing = true;
      try {
        if (await renewed()) {
          cells = cellsByKey(document);
          plots = plotsByKey();
        }
      } finally {
        renewing = false;
      }
    }
    for (const line of rows) {
      cells.get(line[0])?.forEach((cell) => show(cell, line));
    }
    directors.forEach(showDirector);
    if (clock && time) write(clock, time);
  });
  addEventListener("pagehide", () => source.close());
}

function guard(form) {
  let edited = false;
  form.addEventListener("input", () => { edited = true; });
  form.addEventListener("submit", () => { edited = false; });
  addEventListener("beforeunload", (event) => { if (edited) event.preventDefault(); });
}

const watched = document.querySelector("[data-live]");
if (watched) live(watched.dataset.live);
document.querySelectorAll("form[data-guard]").forEach(guard);
document.querySelector("[aria-invalid]")?.focus();
