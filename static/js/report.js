// On a narrow screen the rows behind a figure stand below the table: go there when they come.
"use strict";

document.addEventListener("htmx:afterSwap", () => {
  const rows = document.getElementById("rows");
  const isBelow = rows && rows.getBoundingClientRect().left < rows.parentElement.offsetWidth / 2;
  if (isBelow) rows.scrollIntoView({ block: "start" });
});
