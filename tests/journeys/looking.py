"""What is looked at on every page that somebody comes to."""

import hashlib
import re
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

from tests.journeys.words import foreign_words

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text()
# Without preload: it would copy style sheets into the page, which the content policy refuses.
ASK_AXE = """async (contrast) => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    rules: { "color-contrast": { enabled: contrast } },
    resultTypes: ["violations"],
    preload: false,
  });
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`);
}"""
READ = """() => {
  const seen = (selector) => [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility())
    .map((element) => element.textContent.trim());
  const named = [...document.querySelectorAll("[aria-label], [alt], [title], [placeholder]")]
    .flatMap((e) => ["aria-label", "alt", "title", "placeholder"].map((n) => e.getAttribute(n)));
  const traits = ["class", "type", "readonly", "disabled", "aria-current", "aria-invalid"];
  const path = (element) => element && `${path(element.parentElement)} ${element.tagName}`
    + traits.map((trait) => element.getAttribute(trait));
  return {
    painted: [...new Set([...document.querySelectorAll("body *")].map(path))],
    lang: document.documentElement.lang,
    heads: seen("h1"),
    primary: seen(".btn-primary"),
    width: document.documentElement.scrollWidth,
    title: document.title,
    text: document.body.innerText,
    codes: seen("[translate=no]"),
    named: named.filter(Boolean).join("\\n"),
  };
}"""
# What a page says, as opposed to the parts that it is made of
WORDS = "value|href|action|datetime|content|aria-label|title|d|data-[a-z-]+|hx-[a-z-]+"
SAID = [
    (re.compile(r">\s+<"), "><"),
    (re.compile(r">[^<>]*[^<>\s][^<>]*<"), ">x<"),
    (re.compile(f' ({WORDS})="[^"]+"'), r' \1="x"'),
    (re.compile(r"[\d.,]+|\s+"), "0"),
    (re.compile(r"(<(tr|li|option|rect|p)\b.*?</\2>)\1+"), r"\1"),  # rows alike are as one
]

_accessible: set[str] = set()
_painted: dict[int, set[str]] = {}


class Look(NamedTuple):
    """A page as it should be: how wide it may get, in which language, with scripts or without."""

    width: int
    language: str
    has_scripts: bool


def faults_of(page: Page, look: Look) -> list[str]:
    """Everything that is wrong with the page as it stands."""
    read = page.evaluate(READ)
    faults = []
    if read["lang"].lower() not in {look.language, "zh-hans" if _speaks_both(read) else ""}:
        faults.append(f"<html lang> is {read['lang']!r}, not {look.language!r}")
    if len(read["heads"]) != 1:
        faults.append(f"not one h1: {read['heads']}")
    if len(read["primary"]) > 1:
        faults.append(f"more than one filled button: {read['primary']}")
    if read["width"] > look.width:
        faults.append(f"{read['width']} px wide, the screen has {look.width}")
    if not _speaks_both(read):
        text = "\n".join([read["title"], read["text"], read["named"]])
        words = foreign_words(text, look.language, codes=set(read["codes"]))
        faults += [f"not in {look.language}: {word}" for word in words]
    if look.has_scripts:
        faults += _barriers(page, look.width, set(read["painted"]))
    return faults


def _speaks_both(read: dict[str, Any]) -> bool:
    """Error pages say it in both languages: they know neither person nor session."""
    return read["title"].endswith("席园 Xiyuan")


def _barriers(page: Page, width: int, painted: set[str]) -> list[str]:
    """What axe finds. A page made of the very same parts is not looked at again.

    What its colours are is asked where a part is new, or stands in parts where it never stood.
    """
    parts, known = _parts(page.content(), width), _painted.setdefault(width, set())
    is_new_paint = not painted <= known
    if parts in _accessible and not is_new_paint:
        return []
    found = page.evaluate(ASK_AXE, is_new_paint)
    if not found:
        _accessible.add(parts)
        known |= painted
    return [f"axe, {one}" for one in found]


def _parts(html: str, width: int) -> str:
    """Elements, classes, roles, which of them are named: all that axe judges by, not the words."""
    for said, instead in SAID:
        html = said.sub(instead, html)
    return hashlib.sha256(f"{width}{html}".encode()).hexdigest()
