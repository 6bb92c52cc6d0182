// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
// Everything works without this script; with it, tables and plots move and an edited form is not left by mistake.

const SAMPLES = 300;
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
    write(cell, String(line[2] + line[3]));
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

class Plot {
  constructor(element) {
    this.element = element;
    this.column = Number(element.dataset.column);
    this.line = element.querySelector("polyline");
    this.area = element.querySelector("polygon");
    this.now = element.querySelector("[data-now]");
    this.top = element.querySelector(".top");
    this.samples = [];
    this.scale = null;
    this.begun = this.line.getAttribute("points").trim().split(" ").filter(Boolean)
      .map((point) => Number(point.split(",")[1]));
  }

  add(value) {
    if (this.scale === null) {
      // the page came with the past as coordinates: back to values by the present one
      this.scale = 1;
      const peak = Number(this.element.dataset.peak ?? 0) || Math.max(value, 1);
      this.samples = this.begun.map((y) => ((59 - y) / 56) * peak);
    }
    this.samples.push(value);
    this.samples = this.samples.slice(-SAMPLES);
    const top = Math.max(1, ...this.samples);
    const step = 300 / (SAMPLES - 1);
    const last = this.samples.length - 1;
    const points = this.samples
      .map((sample, i) => `${(300 - (last - i) * step).toFixed(1)},${(59 - (sample / top) * 56).toFixed(1)}`);
    this.line.setAttribute("points", points.join(" "));
    this.area?.setAttribute("points", `${(300 - last * step).toFixed(1)},60 ${points.join(" ")} 300,60`);
    const text = this.column === 5 ? rate : String;
    if (this.now) write(this.now, text(value));
    if (this.top) write(this.top, `peak ${text(Math.round(top))}`);
  }
}

function live(table) {
  const cells = cellsByKey(document);
  const plots = new Map();
  for (const element of document.querySelectorAll("[data-plot]")) {
    const list = plots.get(element.dataset.plot) ?? [];
    list.push(new Plot(element));
    plots.set(element.dataset.plot, list);
  }
  const form = document.querySelector("[data-auto]");
  const clock = document.querySelector("[data-time]");
  let shown = 0;
  const source = new EventSource(`/events?topic=${encodeURIComponent(table.dataset.live)}`);
  source.addEventListener("message", (event) => {
    const { time, rows = [] } = JSON.parse(event.data);
    for (const line of rows) {
      plots.get(line[0])?.forEach((plot) => plot.add(line[plot.column]));
    }
    if (form) {
      const every = Math.max(1, Number(form.elements.every.value) || 10) * 1000;
      if (!form.elements.auto.checked || Date.now() - shown < every - 500) return;
    }
    shown = Date.now();
    for (const line of rows) {
      cells.get(line[0])?.forEach((cell) => show(cell, line));
    }
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

const table = document.querySelector("[data-live]");
if (table) live(table);
document.querySelectorAll("form[data-guard]").forEach(guard);
document.querySelector("[aria-invalid]")?.focus();
