"""Which enterprise a list means: by credit code, by any of its names; asked where it is unclear."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from seats.imports.fields import Field
from seats.imports.lines import Line, Names
from seats.imports.problems import Problem

LEAVE_OUT = "leave_out"
MOST_CANDIDATES = 5
MOST_WITH_CANDIDATES = 500  # names; whoever has more of them unclear has another list
ALIKE = 0.45  # names that share less are not offered
_ENDINGS = re.compile(r"(有限责任公司|股份有限公司|有限公司|公司|coltd|limited|ltd|inc)$")
_CODE = re.compile(r"[0-9ABCDEFGHJKLMNPQRTUWXY]{18}")


class Known(NamedTuple):
    """An enterprise and every name it goes by."""

    pk: int
    credit_code: str
    name: str
    short_name: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.short_name, *self.aliases)


class Question(NamedTuple):
    """A name that is not clear: how it is written, in which rows, whom it may mean."""

    key: str
    said: str
    rows: list[int]
    candidates: list[int]


class Named(NamedTuple):
    """Lines with their enterprise; what is asked, what is wrong, the rows that are left out.

    `answered` are the answers that counted, by the name as it is written.
    """

    lines: list[Line]
    questions: list[Question]
    problems: list[Problem]
    left_out: list[Line]
    answered: dict[str, str]


def normalised(name: str) -> str:
    """For comparing names: half width, small letters, without signs and the form of the firm."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _ENDINGS.sub("", re.sub(r"[\W_]", "", plain))


class Register:
    """The enterprises of the park, to look names up in."""

    def __init__(self, enterprises: Iterable[Known]) -> None:
        self.known = {one.pk: one for one in enterprises}
        self._by_code = {one.credit_code: one.pk for one in self.known.values()}
        self._by_full_name = {one.name: one.pk for one in self.known.values()}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_core: dict[str, set[int]] = defaultdict(set)
        for one in self.known.values():
            for name in one.names:
                self._by_name[name].add(one.pk)
                self._by_core[normalised(name)].add(one.pk)
        self._by_core.pop("", None)
        self._pairs = [
            (pk, _pairs(core)) for core, pks in self._by_core.items() for pk in sorted(pks)
        ]

    def by_code(self, code: str) -> int | None:
        return self._by_code.get(plain_code(code))

    def by_name(self, name: str) -> set[int]:
        """Whom a name may mean: one where it is clear; none where nobody is called so."""
        if name in self._by_full_name:
            return {self._by_full_name[name]}
        return self._by_name.get(name, set()) | self._by_core.get(normalised(name), set())

    def like(self, names: Names) -> list[int]:
        """Those whose names are most like these, best first."""
        said = [_pairs(core) for name in names[:2] if (core := normalised(name))]
        scores: dict[int, float] = {}
        for pk, pairs in self._pairs:
            score = max((_likeness(one, pairs) for one in said), default=0.0)
            if score >= ALIKE:
                scores[pk] = max(score, scores.get(pk, 0.0))
        return sorted(scores, key=lambda pk: (-scores[pk], pk))[:MOST_CANDIDATES]


def plain_code(code: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", code)).upper()


def name_lines(lines: Iterable[Line], register: Register, answers: Mapping[str, str]) -> Named:
    """Give each line its enterprise: as it is written where that is clear, else as answered."""
    found = Named([], [], [], [], {})
    asked: dict[str, Question] = {}
    for line in lines:
        if line.kind == "closure" or not line.names.is_given:
            _name_nobody(line, found)
            continue
        by_code = register.by_code(line.names.credit_code) if line.names.credit_code else None
        if problem := _wrong_code(line, by_code, register):
            found.problems.append(problem)
            continue
        meant = by_code or _by_names(line, register, answers, asked, found.answered)
        if meant == LEAVE_OUT:
            found.left_out.append(line)
        elif isinstance(meant, int):
            found.lines.append(line._replace(enterprise=meant))
    found.questions.extend(asked.values())
    return found


def _name_nobody(line: Line, found: Named) -> None:
    """Closed seats are nobody's; all others are somebody's."""
    if line.kind == "closure" and not line.names.is_given:
        found.lines.append(line)
        return
    code = "closed_for" if line.kind == "closure" else "no_enterprise"
    fields = (Field.ENTERPRISE, Field.SHORT_NAME, Field.CREDIT_CODE)
    found.problems.append(line.wrong(code, *fields))


def _wrong_code(line: Line, meant: int | None, register: Register) -> Problem | None:
    """What is wrong with the credit code of a line: unknown, or another enterprise's."""
    code = plain_code(line.names.credit_code)
    if not code:
        return None
    if not _CODE.fullmatch(code):
        return line.wrong("bad_code", Field.CREDIT_CODE, code=code[:40])
    if meant is None:
        return line.wrong("unknown_code", Field.CREDIT_CODE, code=code)
    others = register.by_name(line.names.name) if line.names.name else set()
    if others and meant not in others:
        other = register.known[min(others)]
        words = {"one": register.known[meant].name, "other": other.name}
        return line.wrong("code_and_name", Field.CREDIT_CODE, **words)
    return None


def _by_names(
    line: Line,
    register: Register,
    answers: Mapping[str, str],
    asked: dict[str, Question],
    answered: dict[str, str],
) -> int | str | None:
    """Whom the names of a line mean; a question where that is unclear and not answered yet."""
    found = [register.by_name(name) for name in line.names[:2] if name]
    meant = [one for one in found if one]
    if len(meant) == len(found) and len(set.intersection(*meant)) == 1:
        return set.intersection(*meant).pop()
    if line.names.name and len(found[0]) == 1 and len(found) == 2 and not found[1]:
        return next(iter(found[0]))  # the full name counts; the short one is just another
    key = "|".join(line.names[:2])
    answer = answers.get(key)
    said = " / ".join(filter(None, line.names[:2]))
    if answer == LEAVE_OUT or (answer and int(answer) in register.known):
        answered[said] = answer
        return LEAVE_OUT if answer == LEAVE_OUT else int(answer)
    if key not in asked:
        likely = [pk for one in meant for pk in sorted(one)][:MOST_CANDIDATES]
        if len(asked) < MOST_WITH_CANDIDATES:
            likely = list(dict.fromkeys([*likely, *register.like(line.names)]))
        asked[key] = Question(key, said, [], likely)
    if line.row not in asked[key].rows:
        asked[key].rows.append(line.row)
    return None


def _pairs(core: str) -> frozenset[str]:
    """The signs of a name, two by two: names that are alike share many."""
    return frozenset(core[i : i + 2] for i in range(len(core) - 1)) or frozenset([core])


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two names share, 0 to 1; one that holds all of the other is much like it."""
    shared = len(one & other)
    shorter = min(len(one), len(other))
    return max(2 * shared / (len(one) + len(other)), 0.9 * shared / shorter if shorter > 1 else 0.0)
