"""The catalogue of translations: what the code says, beside what the Chinese says.

Django's makemessages needs GNU gettext on the machine; Babel, which the product has anyway, does
not. Templates go through Django's own `templatize`, which turns them into calls that Babel finds.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PATH = Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SKIPPED = {".venv", "node_modules", "var", "vendor", "tests", "launcher", "bench", "migrations"}


def found() -> Catalog:
    """Everything that code and templates say to people, in the order of the files."""
    catalog = Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False)
    for path in _files():
        source = path.read_text("utf-8")
        if path.suffix in {".html", ".txt"}:
            lines = templatize(source, origin=str(path)).splitlines()
            source = "\n".join(line.strip() for line in lines)
        name = str(path.relative_to(settings.BASE_DIR))
        for _line, message, _comments, context in extract(
            "python", BytesIO(source.encode()), keywords=KEYWORDS
        ):
            catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def kept() -> Catalog:
    """The catalogue as it is kept in the project."""
    with PATH.open("rb") as file:
        return read_po(file, locale="zh_Hans", charset="utf-8")


def faults() -> list[str]:
    """What is wrong with the kept catalogue: missing, untranslated, fuzzy or left over."""
    catalog, messages = kept(), found()
    wrong = []
    for message in messages:
        if not message.id:
            continue
        known = catalog.get(_key(message.id), message.context)
        if known is None:
            wrong.append(f"missing: {message.id!r}")
        elif known.fuzzy or not all(_strings(known.string)):
            wrong.append(f"untranslated: {message.id!r}")
    wrong += [
        f"no longer said: {message.id!r}"
        for message in catalog
        if message.id and messages.get(_key(message.id), message.context) is None
    ]
    return wrong


def update() -> None:
    """Write what is said now into the kept catalogue; translations stay, the left-over goes."""
    catalog = kept() if PATH.exists() else Catalog(locale="zh_Hans", charset="utf-8")
    catalog.update(found(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = (
        "# 席园 Xiyuan in Simplified Chinese, as the park speaks: docs/glossary.md"
    )
    catalog.project, catalog.version = "Xiyuan", ""
    with PATH.open("wb") as file:
        write_po(
            file, catalog, width=100, sort_output=True, include_lineno=False, omit_header=False
        )


def _files() -> Iterator[Path]:
    root = Path(settings.BASE_DIR)
    templates = [path for kind in ("html", "txt") for path in root.glob(f"templates/**/*.{kind}")]
    for path in sorted([*root.rglob("*.py"), *templates]):
        if SKIPPED.isdisjoint(path.relative_to(root).parts) and "styleguide" not in path.parts:
            yield path


def _key(message_id: str | Sequence[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def _strings(string: str | Sequence[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ("",))
