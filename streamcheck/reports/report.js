"use strict";
// Filters, search and jumps of the review page. It reads the page and sets classes; it never writes markup.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
const filters = byId("filters");
const plain = (text) => text.toLowerCase().replaceAll("ё", "е").replace(/\s+/g, " ");

const findings = all(".finding").map((row) => (
  { row, text: plain(all(".what, blockquote, .message, .instead, code", row).map((part) => part.textContent).join(" ")) }
));
const marks = all(".track a[data-of], .mark[data-of]").map((mark) => ({ mark, of: mark.dataset.of.split(" ") }));
let lines = null; // the transcript's text is gathered when it is first searched

function searched(query) {
  if (lines === null) lines = all(".lines p[id]").map((line) => ({ line, text: plain(line.textContent) }));
  for (const { line, text } of lines) line.hidden = query !== "" && !text.includes(query);
}

function apply() {
  const query = plain(byId("search").value.trim());
  const category = byId("category").value;
  const severities = new Set(all("input[name=severity]:checked", filters).map((box) => box.value));
  const choosable = new Set(all("input[name=severity]", filters).map((box) => box.value));
  const shown = new Set();
  for (const { row, text } of findings) {
    const { severity, category: own } = row.dataset;
    const fits = (severities.has(severity) || !choosable.has(severity))
      && (category === "" || own === category) && text.includes(query);
    row.hidden = !fits;
    if (fits) shown.add(row.id);
  }
  for (const { mark, of } of marks) mark.classList.toggle("off", !of.some((id) => shown.has(id)));
  for (const table of all(".findings table")) {
    table.nextElementSibling.hidden = table.querySelector(".finding:not([hidden])") !== null;
  }
  if (query !== "" || lines !== null) searched(query);
  const output = byId("shown");
  output.value = output.dataset.template.replace("%1", shown.size).replace("%2", findings.length);
  byId("clear").disabled = query === "" && category === "" && severities.size === choosable.size;
}

function jump(id) {
  const target = byId(id);
  if (target === null) return;
  const pane = target.closest(".lines");
  if (target.hidden) { filters.reset(); apply(); }
  if (pane?.classList.contains("only") && !target.classList.contains("hit")) showOnly(pane, false);
  if (pane !== null && pane.scrollHeight > pane.clientHeight + 1) {
    // Twice: lines off the screen only have a guessed height until they are near.
    for (let pass = 0; pass < 2; pass++) {
      const away = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
      pane.scrollTop += away - pane.clientHeight / 3;
    }
    pane.scrollIntoView({ block: "nearest" });
  } else {
    target.scrollIntoView({ block: "center" });
  }
  for (const old of all(".flash")) old.classList.remove("flash");
  target.classList.add("flash");
  if (target.classList.contains("finding")) target.focus({ preventScroll: true });
}

function showOnly(pane, only) {
  pane.classList.toggle("only", only);
  pane.parentElement.querySelector(".only input").checked = only;
}

function step(by) {
  const rows = findings.map(({ row }) => row).filter((row) => !row.hidden);
  const here = rows.findIndex((row) => row.classList.contains("flash"));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
  if (next === undefined) return;
  jump(next.id);
  const said = next.querySelector(".when a");
  const pane = said && byId(said.hash.slice(1))?.closest(".lines");
  if (pane && pane.scrollHeight > pane.clientHeight + 1) {
    jump(said.hash.slice(1));
    jump(next.id);
  }
}

for (const label of all("label.only")) {
  label.hidden = false;
  label.addEventListener("input", (event) => showOnly(label.closest(".transcript").querySelector(".lines"), event.target.checked));
}

if (filters !== null) {
  let waiting = 0;
  filters.hidden = false;
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
  filters.addEventListener("reset", () => setTimeout(apply));
  for (const label of all(".lane[data-category] .label")) {
    label.classList.add("pick");
    label.addEventListener("click", () => {
      const { category } = label.parentElement.dataset;
      byId("category").value = byId("category").value === category ? "" : category;
      apply();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { filters.reset(); return; }
    if (/^(INPUT|SELECT)$/.test(document.activeElement?.tagName ?? "")) return;
    if (event.key === "/") { event.preventDefault(); byId("search").focus(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });
  apply();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  const id = link && (link.getAttribute("href") ?? "").slice(1);
  if (!id || byId(id)?.matches(".finding, .lines p") !== true) return;
  event.preventDefault();
  jump(id);
});
