import pytest
from decimal import Decimal
from reports.models import ReportKind
from reports.assembly import assemble
from reports.services.snapshots import read
from reports import suppression, comparing
from reports.indicators import lines, returns, registry
from tests.reports.test_returns_on_paper import TestReturns
from tests.reports.park_of_returns import MONTH, populate
from tests.reports.returns_on_paper import Sheet
from tests.undone import undone

pytestmark = pytest.mark.django_db


def fails():
    with undone():
        sheet = Sheet(populate(3, 40).books, MONTH)
        for kind in ReportKind:
            if kind == ReportKind.OCCUPANCY:
                continue
            content = assemble(kind, MONTH, read(kind, MONTH).facts)
            try:
                TestReturns.check(sheet, {x["code"]: x for x in content["tables"]})
            except AssertionError as e:
                return f"{kind}: {str(e)[:120]}"
    return None


def test_mut(monkeypatch):
    print("none", fails())
    with monkeypatch.context() as m:
        m.setattr(suppression, "LEAST_ENTERPRISES", 2)
        print("least", fails())
    with monkeypatch.context() as m:

        def hide(self, nodes):
            hidden = [n.key for n in nodes if self._tells([n.key])]
            yield from hidden
            for n in nodes:
                if n.key not in hidden:
                    yield from hide(self, n.inside)

        m.setattr(suppression.Screen, "_hide", hide)
        print("no secondary", fails())
    with monkeypatch.context() as m:
        m.setattr(lines, "_onshore", lambda e, o: e)
        print("onshore", fails())
    with monkeypatch.context() as m:
        m.setattr(
            lines,
            "_in_dollars",
            lambda y, d: None if y is None or d is None else (y / d).quantize(Decimal("0.1")),
        )
        print("dollars", fails())
    with monkeypatch.context() as m:
        from returns.models import ReturnRevision

        m.setattr(lines.ReturnRevision.objects.__class__, "counting", lambda self: self.all())
        print("all revisions", fails())
    with monkeypatch.context() as m:
        d = dict(returns.DERIVED)
        d["average_staff"] = returns.Derived(
            ("opening", "headcount", "left"),
            lambda r: None if r["opening"] is None else Decimal(r["headcount"]),
        )
        m.setattr(returns, "DERIVED", d)
        print("average", fails())
