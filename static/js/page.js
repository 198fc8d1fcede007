// What a page does by itself. Everything here is an addition: pages work without it.
"use strict";

// A part that comes with an error is shown all the same: a form with its refusal stays in place, a
// message goes to the head of the page. A whole document (a proxy's error page, the sign-in page
// after the session has ended) is not swapped in: what was typed stays, and a message says why.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, serverResponse } = event.detail;
  const signedOut = new URL(xhr.responseURL).pathname === pathOf("signed-out");
  if (xhr.status < 400 && !signedOut) return;
  const isHtml = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html");
  const isPart = isHtml && !/<html[\s>]/i.test(serverResponse);
  event.detail.shouldSwap = isPart;
  if (!isPart) say(signedOut ? "signed-out" : "unreachable");
});
document.addEventListener("htmx:sendError", () => say("unreachable"));
document.addEventListener("htmx:timeout", () => say("unreachable"));

function say(id) {
  const messages = document.getElementById("messages");
  messages.replaceChildren(document.getElementById(id).content.cloneNode(true));
  messages.scrollIntoView({ block: "nearest" });
}

function pathOf(id) {
  return document.getElementById(id).dataset.path;
}

// Signing in again in another window changes the CSRF token: take it from the cookie each time.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (!token) return;
  event.detail.headers["X-CSRFToken"] = token;
  if (event.detail.parameters.has?.("csrfmiddlewaretoken"))
    event.detail.parameters.set("csrfmiddlewaretoken", token);
});

// A line of the list of errors leads into its field, not only to it.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".x-wrong a");
  const field = link && document.querySelector(link.hash);
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

// Of a row of choices that is wider than the screen, the chosen one is in sight.
function showChosen() {
  for (const chosen of document.querySelectorAll(".x-chips > [aria-current]")) {
    const row = chosen.parentElement;
    row.scrollLeft += chosen.getBoundingClientRect().left - row.getBoundingClientRect().left - 16;
  }
}
showChosen();
document.addEventListener("htmx:afterSwap", showChosen);

// The menu on a phone closes when one looks elsewhere.
function closeMenu(event) {
  const menu = document.querySelector(".x-menu[open]");
  if (!menu || (event.type === "click" && menu.contains(event.target))) return;
  if (event.type === "keydown" && event.key !== "Escape") return;
  menu.open = false;
  if (event.type === "keydown") menu.querySelector("summary").focus();
}
document.addEventListener("click", closeMenu);
document.addEventListener("keydown", closeMenu);
