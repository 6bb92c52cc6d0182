// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
// Everything works without this script; with it, tables and plots move and an edited form is not left by mistake.

const SAMPLES = 300;
const WIDTH = 300;
const HEIGHT = 60;
const STATE_WORDS = { drain: "weight 0", absent: "not in table" };
const COLUMNS = ["key", "weight", "active", "inactive", "connections", "packetsIn", "packetsOut", "bytesIn", "bytesOut",
  "state", "reason", "details"];
const PREFIXES = ["k", "M", "G", "T"];

// A number and its unit, in the words of the page itself: 950 B/s, 1.4 MB/s, 23.5k/s.
function amount(value, unit) {
  const bytes = unit.startsWith(" B");
  if (value < (bytes ? 1000 : 10000)) return `${Math.round(value)}${unit}`;
  let scaled = value;
  let prefix = -1;
  while (scaled >= 1000 && prefix < PREFIXES.length - 1) {
    scaled /= 1000;
    prefix += 1;
  }
  return bytes ? `${scaled.toFixed(1)} ${PREFIXES[prefix]}${unit.trim()}` : `${scaled.toFixed(1)}${PREFIXES[prefix]}${unit}`;
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

function show(cell, row) {
  if ("remaining" in cell.dataset) {
    write(cell, row.active + row.inactive === 0
      ? "no connections remain"
      : `${row.active} active and ${row.inactive} inactive connections remain`);
    return;
  }
  const value = row[cell.dataset.c];
  if ("rate" in cell.dataset) {
    write(cell, amount(value, " B/s"));
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
    const top = Number(element.dataset.top);
    this.unit = element.dataset.unit ?? "";
    this.least = Number(element.dataset.least);
    this.marks = element.querySelectorAll("[data-mark]");
    this.lines = [...element.querySelectorAll("polyline")].map((line) => ({
      line,
      column: line.dataset.column,
      now: element.querySelector(`[data-now="${line.dataset.column}"]`),
      // the page came with the past as coordinates
      samples: line.getAttribute("points").trim().split(" ").filter(Boolean)
        .map((point) => ((HEIGHT - Number(point.split(",")[1])) / HEIGHT) * top),
    }));
  }

  add(row) {
    for (const line of this.lines) {
      line.samples = [...line.samples, row[line.column]].slice(-SAMPLES);
      if (line.now) write(line.now, amount(row[line.column], this.unit));
    }
    const top = edge(Math.max(...this.lines.flatMap((line) => line.samples)), this.least);
    const step = WIDTH / (SAMPLES - 1);
    for (const { line, samples } of this.lines) {
      line.setAttribute("points", samples.map((sample, i) =>
        `${(WIDTH - (samples.length - 1 - i) * step).toFixed(1)},${(HEIGHT - (sample / top) * HEIGHT).toFixed(1)}`).join(" "));
    }
    this.marks.forEach((mark) => write(mark, amount((top * Number(mark.dataset.mark)) / 2, this.unit)));
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
    const { time, rows: lines = [], signatures = [], directors = [] } = JSON.parse(event.data);
    const rows = lines.map((line) => Object.fromEntries(COLUMNS.map((name, i) => [name, line[i]])));
    for (const row of rows) {
      plots.get(row.key)?.forEach((plot) => plot.add(row));
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
    for (const row of rows) {
      cells.get(row.key)?.forEach((cell) => show(cell, row));
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
