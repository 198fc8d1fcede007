// What was typed outlasts signing in again and a switch of the language. It stays in this tab until
// the next page, and only these two put it back. Passwords and files are not kept.
"use strict";

const signIn = pathOf("signed-out");
const isSwitch = (form) => form.elements.language && form.elements.next;
const formsOf = () => [...document.querySelectorAll("#main form[method='post']")];
const isText = ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken";

document.addEventListener("submit", (event) => {
  const forms = formsOf();
  if (forms.some((form) => form.querySelector("[type='password']"))) return;
  const typed = forms.map((form) => [...new FormData(form)].filter(isText));
  const kept = { path: location.pathname, switched: Boolean(isSwitch(event.target)), typed };
  sessionStorage.setItem("typed", JSON.stringify(kept));
});

function putBack() {
  const kept = JSON.parse(sessionStorage.getItem("typed"));
  const isSigningIn = location.pathname.startsWith(signIn.replace(/[^/]+\/$/, ""));
  if (!kept || (isSigningIn && location.pathname !== kept.path)) return;
  sessionStorage.removeItem("typed");
  const hasSignedIn = document.referrer && new URL(document.referrer).pathname === signIn;
  if (location.pathname !== kept.path || !(kept.switched || hasSignedIn)) return;
  formsOf().forEach((form, index) => fill(form, kept.typed[index] || []));
  if (hasSignedIn && kept.typed.some((fields) => fields.length)) say("typed-again");
}

function fill(form, typed) {
  for (const field of form.elements) {
    const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length === 1 && field.type !== "file") field.value = values[0];
    else continue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
putBack();
