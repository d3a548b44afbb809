"use strict";
// Filters, search, jumps, sound and decisions of the review page. It sets classes and copies a template; it never writes
// markup.

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
  const decision = byId("decision").value;
  const shown = new Set();
  for (const { row, text } of findings) {
    const { severity, category: own, verdict } = row.dataset;
    const fits = (severities.has(severity) || !choosable.has(severity))
      && (category === "" || own === category) && (decision === "" || verdict === decision) && text.includes(query);
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
  byId("clear").disabled = query === "" && category === "" && decision === "" && severities.size === choosable.size;
}

function bring(target, pane) {
  if (pane === null || pane.scrollHeight <= pane.clientHeight + 1) {
    target.scrollIntoView({ block: "center" });
    return;
  }
  pane.scrollTop += target.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
  pane.scrollIntoView({ block: "nearest" });
}

// What is off the screen has a guessed height, which is mended some frames after it has come near.
const goals = new Map();

function settle(target, pane, frames) {
  goals.set(pane, target);
  requestAnimationFrame(() => {
    if (goals.get(pane) !== target) return;
    bring(target, pane);
    if (frames > 1) settle(target, pane, frames - 1);
  });
}

function jump(id) {
  const target = byId(id);
  if (target === null) return;
  const pane = target.closest(".lines");
  if (target.hidden) { filters.reset(); apply(); }
  if (pane?.classList.contains("only") && !target.classList.contains("hit")) showOnly(pane, false);
  bring(target, pane);
  settle(target, pane, 6);
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

// Sound: a clip out of the page, or the recording beside it. Times are seconds of the recording.

const player = byId("player");
const audio = player.querySelector("audio");
const timed = new Map(all(".file").map((file) => [file, all(".lines p[data-at]", file)]));
let playing = { file: null, from: 0, to: Infinity, clip: null };

function clipAt(file, time) {
  return all(".finding[data-clip]", file).find(({ dataset }) => dataset.clip <= time && time < dataset.end);
}

function hearable(file, time) {
  return file.dataset.recording !== undefined || clipAt(file, time) !== undefined;
}

function play(file, time, to = Infinity, row = undefined) {
  const clip = file.dataset.recording === undefined ? row ?? clipAt(file, time) : null;
  if (clip === undefined) return;
  if (clip === null) {
    if (playing.file !== file || playing.clip !== null) audio.src = file.dataset.recording;
    playing = { file, from: 0, to, clip };
  } else {
    if (playing.clip !== clip) {
      if (playing.clip) URL.revokeObjectURL(audio.src);
      const text = byId(`${clip.id}-clip`)?.textContent;
      if (text === undefined) return; // the page is still being read
      const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      audio.src = URL.createObjectURL(new Blob([bytes], { type: "audio/ogg" }));
    }
    playing = { file, from: Number(clip.dataset.clip), to: Infinity, clip };
  }
  player.hidden = false;
  player.querySelector(".trouble").hidden = true;
  audio.currentTime = Math.max(time - playing.from, 0);
  audio.play().catch(() => {}); // what keeps it from playing is told by the error event
}

function playFinding(row) {
  const { clip, start, end } = row.dataset;
  if (start === undefined) return;
  if (clip !== undefined) play(row.closest(".file"), Number(clip), Infinity, row);
  else play(row.closest(".file"), Math.max(start - 2, 0), Number(end) + 2);
}

function lineAt(file, time) {
  const lines = timed.get(file);
  let low = 0;
  for (let high = lines.length; low < high;) {
    const middle = (low + high) >> 1;
    if (Number(lines[middle].dataset.at) <= time) low = middle + 1; else high = middle;
  }
  return lines[Math.max(low - 1, 0)];
}

audio.addEventListener("error", () => { player.querySelector(".trouble").hidden = false; });
audio.addEventListener("timeupdate", () => {
  if (player.hidden) return;
  const time = playing.from + audio.currentTime;
  if (time >= playing.to) { audio.pause(); playing.to = Infinity; }
  const line = lineAt(playing.file, time);
  if (line !== undefined && !line.classList.contains("now")) {
    for (const old of all(".now")) old.classList.remove("now");
    line.classList.add("now");
    player.querySelector(".title").textContent = line.textContent.slice(0, 160);
  }
  const timeline = playing.file.querySelector(".timeline");
  timeline?.classList.add("playing");
  for (const head of all(".head", playing.file)) {
    for (const end of ["x1", "x2"]) head.setAttribute(end, `${Math.min(time / timeline.dataset.length, 1) * 100}%`);
  }
});
player.querySelector(".close").addEventListener("click", () => {
  audio.pause();
  player.hidden = true;
  for (const name of ["now", "playing"]) for (const old of all(`.${name}`)) old.classList.remove(name);
});
for (const track of all(".timeline .track")) {
  const head = track.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "line"));
  head.setAttribute("class", "head");
  head.setAttribute("y2", "100%");
  track.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const file = track.closest(".file");
    const { left, width } = track.getBoundingClientRect();
    const time = Math.max((event.clientX - left) / width, 0) * track.closest(".timeline").dataset.length;
    const line = lineAt(file, time);
    if (line !== undefined) jump(line.id);
    if (hearable(file, time)) play(file, time);
  });
}
for (const button of all("button.play")) {
  button.hidden = false;
  button.addEventListener("click", () => playFinding(button.closest(".finding")));
}
for (const [file, lines] of timed) {
  const clips = all(".finding[data-clip]", file).map(({ dataset }) => [Number(dataset.clip), Number(dataset.end)]);
  for (const line of lines) {
    const time = Number(line.dataset.at);
    if (file.dataset.recording !== undefined || clips.some(([from, to]) => from <= time && time < to)) {
      line.classList.add("audible");
    }
  }
}

// Decisions: kept as a draft by the browser, and saved as a file that `streamcheck sessions decide --from` reads.

const FIELDS = ["verdict", "remark", "assignee"];
const draftName = (file) => `streamcheck ${file.dataset.session || file.dataset.name} ${file.dataset.made}`;
const decisionOf = (row) => Object.fromEntries(FIELDS.map((name) => [name, row.dataset[name]]));
const reported = new Map(findings.map(({ row }) => [row, decisionOf(row)]));
const saved = new Map(reported);
const differs = (row, from) => FIELDS.some((name) => row.dataset[name] !== from.get(row)[name]);

function equip(row) {
  if (row.querySelector(".controls") !== null) return;
  row.querySelector(".decision").before(byId("controls").content.cloneNode(true));
  for (const button of all(".verdicts button", row)) button.addEventListener("click", () => press(row, button.value));
  for (const name of ["remark", "assignee"]) {
    row.querySelector(`input.${name}`).addEventListener("input", (event) => decide(row, { [name]: event.target.value }));
  }
  show(row);
}

function show(row) {
  const { verdict, remark, assignee } = row.dataset;
  const buttons = all(".verdicts button", row);
  for (const button of buttons) button.setAttribute("aria-pressed", button.value === verdict);
  const words = byId("controls").content.querySelector(`button[value="${verdict}"]`)?.textContent;
  const line = row.querySelector("p.decision");
  line.textContent = [words, remark, assignee && `→ ${assignee}`].filter(Boolean).join(" · ");
  line.className = `decision ${verdict}`;
  for (const name of ["remark", "assignee"]) {
    const input = row.querySelector(`input.${name}`);
    if (input !== null && input.value !== row.dataset[name]) input.value = row.dataset[name];
  }
}

function count(file) {
  const rows = all(".finding", file).filter((row) => differs(row, saved));
  const output = file.querySelector(".unsaved");
  output.value = rows.length ? output.dataset.template.replace("%1", rows.length) : "";
  return rows;
}

function keepDraft(file) {
  const rows = all(".finding", file).filter((row) => differs(row, reported));
  const draft = rows.map((row) => [row.dataset.finding, decisionOf(row), !differs(row, saved)]);
  try { localStorage.setItem(draftName(file), JSON.stringify(draft)); } catch { /* a browser that keeps nothing */ }
}

function decide(row, changes) {
  Object.assign(row.dataset, changes);
  show(row);
  count(row.closest(".file"));
  keepDraft(row.closest(".file"));
}

function press(row, verdict) {
  decide(row, { verdict: row.dataset.verdict === verdict ? "open" : verdict });
}

function save(file) {
  const decisions = count(file).map((row) => {
    const { finding, fingerprint } = row.dataset;
    return { finding, ...(fingerprint && { fingerprint }), ...decisionOf(row) };
  });
  const whole = { type: "streamcheck-decisions", schema: 1, session: file.dataset.session || null, decisions };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(whole, null, 1)], { type: "application/json" }));
  link.download = `decisions-${(file.dataset.session || file.dataset.name).replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(-80)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  for (const row of all(".finding", file)) saved.set(row, decisionOf(row));
  file.querySelector(".unsaved").value = file.querySelector(".save").title; // what to do with the file now
  keepDraft(file);
}

// Rows are given their buttons when they come near the screen: five hundred at once take half a second.
const nearing = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) { nearing.unobserve(target); equip(target); }
}, { rootMargin: "800px" });
for (const { row } of findings) nearing.observe(row);

for (const keep of all(".keep")) {
  const file = keep.closest(".file");
  keep.hidden = false;
  keep.querySelector(".save").addEventListener("click", () => save(file));
  let draft = [];
  try { draft = JSON.parse(localStorage.getItem(draftName(file)) ?? "[]"); } catch { /* nothing kept */ }
  const rows = new Map(all(".finding", file).map((row) => [row.dataset.finding, row]));
  for (const [finding, decision, wasSaved] of draft) {
    const row = rows.get(finding);
    if (row === undefined) continue;
    for (const name of FIELDS) row.dataset[name] = decision[name];
    if (wasSaved) saved.set(row, decisionOf(row));
    show(row);
  }
  count(file);
}

const KEYS = {
  Slash: () => byId("search").focus(),
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyP: (row) => { if (!audio.paused) audio.pause(); else if (row) playFinding(row); },
  KeyR: (row) => { if (row) { equip(row); row.querySelector("input.remark").focus(); } },
  Digit0: (row) => { if (row) decide(row, { verdict: "open" }); },
};
for (const [index, verdict] of ["breach", "false-alarm", "unsure"].entries()) {
  KEYS[`Digit${index + 1}`] = (row) => { if (row) { decide(row, { verdict }); step(1); } };
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
    if (event.key === "Escape") {
      if (document.activeElement?.closest(".controls")) document.activeElement.blur(); else filters.reset();
      return;
    }
    if (/^(INPUT|SELECT|AUDIO)$/.test(document.activeElement?.tagName ?? "")) return;
    const obey = KEYS[event.code];
    if (obey === undefined) return;
    event.preventDefault();
    obey(document.querySelector(".finding.flash"));
  });
  apply();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  const id = link && (link.getAttribute("href") ?? "").slice(1);
  if (!id || byId(id)?.matches(".finding, .lines p") !== true) return;
  event.preventDefault();
  jump(id);
  const line = link.closest(".at") && link.closest("p.audible");
  if (line) play(line.closest(".file"), Number(line.dataset.at));
});
