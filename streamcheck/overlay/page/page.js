"use strict";
// Shows the states that the server sends. What was said comes as text and goes in as text, never as markup.

const FRESH = 12; // seconds for which the page for OBS shows a breach
const LOST_AFTER = 4000; // milliseconds without a word from the server
const at = (id) => document.getElementById(id);
let heard = Date.now();
document.body.className = location.pathname === "/phone" ? "phone" : "obs";

function element(name, className, words) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (words !== undefined) made.textContent = words;
  return made;
}

function grouped(name, className, words, group) {
  const made = element(name, className, words);
  if (group) made.dataset.group = group;
  return made;
}

function say(id, words) {
  at(id).textContent = words;
  at(id).hidden = !words;
}

function times(card) {
  return card.times > 1 ? `  ×${card.times}` : "";
}

function showCard(state) {
  const place = at("card");
  const card = state.card;
  delete place.dataset.group;
  delete place.dataset.state;
  place.className = "";
  if (!card) {
    place.classList.add("calm");
    place.hidden = document.body.classList.contains("obs");
    place.replaceChildren(element("p", "", state.calm));
    return;
  }
  place.hidden = false;
  place.dataset.group = card.group;
  place.dataset.state = card.state;
  place.classList.toggle("old", state.now - (card.end ?? state.now) > FRESH);
  const title = element("p", "title");
  title.append(element("span", "", `${card.title} · ${card.category}${times(card)}`), element("span", "", card.ago));
  const parts = [title, element("p", "quote", card.quote)];
  if (card.instead && card.state !== "withdrawn") parts.push(element("p", "instead", `→ ${card.instead}`));
  if (card.message && card.state !== "withdrawn") parts.push(element("p", "message", card.message));
  place.replaceChildren(...parts);
}

function earlier(card) {
  const row = element("li");
  row.dataset.state = card.state;
  const standing = card.state === "tentative" || card.state === "confirmed";
  row.append(
    element("time", "", card.time), " ",
    standing ? grouped("span", "chip", card.category, card.group) : element("span", "chip", card.title), " ",
    element("span", "quote", card.quote), times(card),
  );
  return row;
}

function spoken(line) {
  const row = element("p");
  row.append(element("time", "", line.time), " ");
  for (const run of line.runs) {
    row.append(grouped(run.group ? "mark" : "span", run.dim ? "dim" : "", run.text, run.group), " ");
  }
  return row;
}

function show(state) {
  document.body.dataset.state = state.state;
  say("state", `● ${state.stateName}`);
  say("clock", state.clock);
  say("lag", state.lag);
  say("heading", state.heading);
  say("detail", state.detail);
  at("level").value = state.level;
  showCard(state);
  at("earlier").replaceChildren(...state.earlier.map(earlier));
  at("speech").replaceChildren(...state.lines.map(spoken));
  at("counts").replaceChildren(...state.counts.map((one) => grouped("span", "chip", `${one.name} ${one.count}`, one.group)));
  document.body.dataset.lost = state.lost;
}

const source = new EventSource("/events");
source.addEventListener("state", (event) => {
  heard = Date.now();
  document.body.classList.remove("lost");
  show(JSON.parse(event.data));
});
source.addEventListener("end", (event) => {
  source.close();
  clearInterval(watch);
  show(JSON.parse(event.data));
  document.body.classList.add("lost");
});
const watch = setInterval(() => {
  if (Date.now() - heard < LOST_AFTER) return;
  document.body.classList.add("lost"); // what stands there is no longer true
  if (document.body.dataset.lost) say("detail", document.body.dataset.lost);
}, 1000);
