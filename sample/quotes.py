"""The figures that the articles state of other scopes, as quotations."""

from decimal import Decimal

from accounts.models import User
from park.models import ReferenceFigure
from park.services import quote_figures
from sample import files


def add_figures(acting_user: User) -> None:
    """Keep everything of sample/data/figures.yaml; a trailing `!` marks an ambition."""
    data = files.read("figures.yaml")
    figures = []
    for code, row in data["figures"].items():
        source, scope, value, qualifier, unit_zh, unit_en, name_zh, name_en, quote = row
        article = data["sources"][source.rstrip("!")]
        scope_zh, scope_en = data["scopes"][scope]
        figures.append(
            ReferenceFigure(
                code=code,
                name_zh=name_zh,
                name_en=name_en,
                value=Decimal(str(value)),
                qualifier=qualifier,
                unit_zh=unit_zh,
                unit_en=unit_en,
                scope_zh=scope_zh,
                scope_en=scope_en,
                stated_on=article["stated_on"],
                is_ambition=source.endswith("!"),
                quote=quote,
                source=article["name"],
            )
        )
    quote_figures(figures=figures, acting_user=acting_user)
