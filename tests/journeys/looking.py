"""What is looked at on every page that somebody comes to."""

import hashlib
import re
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

from tests.journeys.words import foreign_words

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text()
# Without preload: it would copy style sheets into the page, which the content policy refuses.
ASK_AXE = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
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
  return {
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
CHANGING = re.compile(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|&quot;\w{64}&quot;')

_accessible: set[str] = set()


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
        faults += _barriers(page, look.width)
    return faults


def _speaks_both(read: dict[str, Any]) -> bool:
    """Error pages say it in both languages: they know neither person nor session."""
    return read["title"].endswith("席园 Xiyuan")


def _barriers(page: Page, width: int) -> list[str]:
    """What axe finds; a page that was looked at in exactly this state is not looked at again."""
    state = f"{width}{CHANGING.sub('', page.content())}"
    mark = hashlib.sha256(state.encode()).hexdigest()
    if mark in _accessible:
        return []
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE)
    found = page.evaluate(ASK_AXE)
    if not found:
        _accessible.add(mark)
    return [f"axe, {one}" for one in found]
