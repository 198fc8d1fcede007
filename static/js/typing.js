// What somebody types while an answer is on its way is never typed over. An answer brings entries
// with what others saved; where one typed there since the question was sent, that stays, and so
// does what the page knew of the entry: the next save then says that two people wrote the same.
"use strict";

const filledIn = document.getElementById("return");
let sent = new Map();

const valueOf = (entry) => (entry.type === "checkbox" ? (entry.checked ? "on" : "") : entry.value);
const entryOf = (name) => filledIn.querySelector(`[name="${CSS.escape(name)}"]`);

function wasTypedSince(name) {
  const entry = entryOf(name);
  return Boolean(entry) && valueOf(entry) !== (sent.get(name) ?? "");
}

const isTyped = ([name]) => !/^(initial-|version$|csrf)/.test(name);

// Since the last save: others may have saved, too, and were answered what stands here already. To
// send that again by itself would write over theirs before anybody has read of it.
function saysNothingNew(now) {
  const typed = [...now].filter(isTyped);
  return sent.size > 0 && typed.every(([name, value]) => sent.get(name) === value);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { verb, triggeringEvent } = event.detail.requestConfig;
  if (verb !== "post") return;
  const now = new Map(new FormData(filledIn));
  if (triggeringEvent?.type === "input" && saysNothingNew(now)) event.preventDefault();
  else sent = now;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful && event.detail.requestConfig.verb === "post") sent = new Map();
});

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  for (const fresh of event.detail.fragment.querySelectorAll(".x-in, [type=checkbox], [name^=initial-]")) {
    const name = fresh.name.replace(/^initial-/, "");
    const isKnown = fresh.name !== name;
    if (!wasTypedSince(name) || (isKnown && fresh.dataset.theirs === undefined)) continue;
    const old = entryOf(fresh.name);
    if (fresh.type === "checkbox") fresh.checked = old.checked;
    else fresh.value = old.value;
  }
});
