"""Runs of seats as people write them: C-1-3F-345 — 404, C区1栋三层 345至404, 1-20、41-60.

The floors that there are decide how a text is read: what could be two floors is neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from seats.imports.numerals import numeral

_DASH = re.compile(r"[—–−―～~﹣至到]+|-{2,}")
_BETWEEN = re.compile(r"[、,;/\n及和]+")
_WHOLE = {"整层", "全层", "全部", "整层楼", "ALL", "WHOLE", "WHOLEFLOOR"}
# Signs between the parts of a label, and words that end a part
_SIGNS = re.compile(r"[\s\-#第号席位座]+")


class Place(NamedTuple):
    """A floor as far as runs need it."""

    pk: int
    zone: str
    building: str
    level: str  # 3F, B1F
    label: str
    seat_count: int


class Said(NamedTuple):
    """Seats that a text names: no floor where it gives numbers alone, no numbers for all of it."""

    floor: Place | None
    first: int | None
    last: int | None


class NotARun(ValueError):
    """It names no seats, or a floor that is not there (`floor`)."""

    def __init__(self, text: str, *, floor: str = "") -> None:
        super().__init__(text)
        self.floor = floor


class Places:
    """The floors of the park, found by the ways in which people write them."""

    def __init__(self, floors: Iterable[Place]) -> None:
        self.all = list(floors)
        self._by_key: dict[str, list[Place]] = {}
        for floor in self.all:
            parts = (floor.zone, floor.building, floor.level)
            for key in {"-".join(parts), "".join(parts), f"{parts[0]}{parts[1]}-{parts[2]}"}:
                self._by_key.setdefault(key, []).append(floor)

    def floor(self, zone: str, building: str, level: str) -> Place | None:
        """The floor that three cells name; each may repeat what stands before it (栋: C-1)."""
        cells = [_tokens(cell) for cell in (zone, building, level)]
        told_apart: list[str] = []
        for cell in cells:
            told_apart = _continued(told_apart, cell)
        for tokens in ([token for cell in cells for token in cell], told_apart):
            if tokens and re.fullmatch(r"B?\d+", tokens[-1]):
                tokens[-1] += "F"
            found, used = self._longest(tokens)
            if found is not None and used == len(tokens):
                return found
        return None

    def read(self, text: str) -> list[Said]:
        """Every run that `text` names. Raises `NotARun`."""
        said: list[Said] = []
        for part in _BETWEEN.split(_plain(text)):
            if part.strip():
                said.append(self._run(part.strip(), said[-1].floor if said else None))
        if not said:
            raise NotARun(text)
        return said

    def _run(self, text: str, floor: Place | None) -> Said:
        tokens = _tokens(text)
        found, used = self._longest(tokens)
        rest = tokens[used:]
        if found is not None and (again := self._again(rest, found)):
            rest = again
        if rest and rest[-1] in _WHOLE and len(rest) == 1:
            return Said(found or floor, None, None)
        if not 1 <= len(rest) <= 2 or not all(token.isdecimal() for token in rest):
            raise NotARun(text, floor=_floor_like(tokens) if found is None else "")
        return Said(found or floor, int(rest[0]), int(rest[-1]))

    def _again(self, rest: list[str], floor: Place) -> list[str] | None:
        """First and last number, where the last seat repeats the floor: …-345 — C-1-3F-404."""
        other, used = self._longest(rest[1:])
        if other is None:
            return None
        if other != floor:
            raise NotARun(" ".join(rest), floor=f"{floor.label} / {other.label}")
        return [rest[0], *rest[1 + used :]]

    def _longest(self, tokens: Sequence[str]) -> tuple[Place | None, int]:
        """The one floor that the first tokens name, and how many of them; (None, 0) if none."""
        for used in range(min(len(tokens), 3), 0, -1):
            for glue in ("-", ""):
                for variant in _variants(tokens[:used]):
                    found = self._by_key.get(glue.join(variant), [])
                    if len(found) == 1:
                        return found[0], used
        return None, 0


def number_of(value: object) -> int | None:
    """The seat number, or the number of seats, in a cell: 404, 404.0, "404", "０１７", "60席"."""
    if isinstance(value, float) and value != int(value):
        return None
    text = str(int(value)) if isinstance(value, (int, float)) else str(value)
    plain = re.sub(r"[\s,席位个座号工约]", "", unicodedata.normalize("NFKC", text))
    return int(plain) if re.fullmatch(r"\d{1,9}", plain, re.ASCII) else None


def _plain(text: str) -> str:
    """Half width, capitals, one kind of dash, storeys as 3F."""
    text = unicodedata.normalize("NFKC", text).upper()
    text = re.sub(r"[一二三四五六七八九十]+(?=[层楼栋幢座号区])", lambda m: numeral(m[0]), text)
    text = re.sub(r"(?:负|地下|(?:^|(?<=[栋幢座区楼]))-)(\d+)(?:层|楼|F)", r"-B\1F-", text)
    text = re.sub(r"号楼|[区栋幢]", "-", text)
    text = re.sub(r"(B?\d+)(?:层|楼)", r"\1F-", text)
    return _DASH.sub("-", text)


def _tokens(text: str) -> list[str]:
    text = re.sub(r"(\dF)(?=\d)", r"\1-", _plain(text))
    return [token for token in _SIGNS.split(text) if token]


def _continued(tokens: list[str], cell: list[str]) -> list[str]:
    """The parts of a label so far and those of the next cell, which may repeat them: C, then C1."""
    if cell[: len(tokens)] == tokens:
        return cell
    so_far = "".join(tokens)
    if so_far and cell and cell[0].startswith(so_far) and cell[0].removeprefix(so_far).isdecimal():
        return [*tokens, cell[0].removeprefix(so_far), *cell[1:]]
    return [*tokens, *cell]


def _variants(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    """A label as it stands; without leading noughts (building 01); with F after the storey."""
    yield tokens
    bare = [token.lstrip("0") or token for token in tokens]
    yield bare
    if len(bare) == 3 and bare[2].isdecimal():
        yield [*bare[:2], f"{bare[2]}F"]


def _floor_like(tokens: Sequence[str]) -> str:
    """What looks like the label of a floor, for saying that it is not there."""
    for used in range(min(3, len(tokens)), 0, -1):
        if re.fullmatch(r"B?\d+F", tokens[used - 1]):
            return "-".join(tokens[:used])
    return ""
