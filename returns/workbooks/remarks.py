"""What is said of a figure, as one cell: each note with the check that asked for it.

V6：项目上线
V12：确为一次性大额回款
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from returns.checks import RULES, note_key
from returns.figures import FIGURES

USUAL = "V6"  # of what nobody asked about: why a figure changed
_BEGINS = re.compile(r"\s*(V\d{1,2})\s*[:：]\s*", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\s\u200b\ufeff]+")


def remarks_of(notes: Mapping[str, str]) -> dict[str, str]:
    """The cell of each figure of which something is said."""
    lines: dict[str, list[str]] = {}
    for key, text in sorted(notes.items(), key=_order):
        rule, _colon, name = key.partition(":")
        if name in FIGURES and rule in RULES:
            lines.setdefault(name, []).append(f"{rule}：{text}")
    return {name: "\n".join(texts) for name, texts in lines.items()}


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ by nothing that is seen: programs change blanks and line ends."""
    return _UNSEEN.sub(" ", one).strip() == _UNSEEN.sub(" ", other).strip()


def notes_in(remark: str, name: str, asked: Iterable[str]) -> dict[str, str]:
    """The notes that a cell holds: by the checks it names, else for those that have `asked`."""
    notes: dict[str, list[str]] = {}
    keys = list(asked) or [note_key(USUAL, name)]
    for line in remark.splitlines():
        found = _BEGINS.match(line)
        if found and found[1].upper() in RULES:
            keys = [note_key(found[1].upper(), name)]
            line = line[found.end() :]
        for key in keys:
            notes.setdefault(key, []).append(line)
    texts = {key: "\n".join(lines).strip() for key, lines in notes.items()}
    return {key: text for key, text in texts.items() if text}


def changed_notes(
    remark: str, name: str, stored: Mapping[str, str], asked: Collection[str]
) -> dict[str, str]:
    """What a cell changes of the notes of a figure; "" for one that is gone from it."""
    before = remarks_of(stored).get(name, "")
    if same_text(before, remark):
        return {}
    own = {key for key in stored if key.partition(":")[2] == name}
    said = notes_in(remark, name, asked)
    gone = dict.fromkeys(own - said.keys(), "")
    return {**gone, **{key: text for key, text in said.items() if stored.get(key) != text}}


def _order(item: tuple[str, str]) -> tuple[int, str]:
    rule, _colon, name = item[0].partition(":")
    return (int(rule[1:]) if rule[1:].isdigit() else 0, name)
