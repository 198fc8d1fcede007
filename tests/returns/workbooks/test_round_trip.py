"""Downloaded and uploaded again unchanged, a workbook changes nothing: whatever a return says."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.months import add_months
from returns.catalogue import currencies, markets, service_classes
from returns.figures import CLASS_MEASURES, FIGURES, Sign, Unit
from returns.models import MonthlyReturn, ReturnState
from returns.services import save_draft
from returns.workbooks.form import form_of
from returns.workbooks.many import months_of, park_of
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.returns import JANUARY, make_return, make_tenant
from tests.returns.conftest import close
from tests.returns.workbooks.books import cell_of, changes, compare, edited

pytestmark = pytest.mark.django_db

FEN = Decimal("0.01")
MOST = 10**16 - 1  # fen: one below 100 trillion yuan
LANGUAGES = [("zh-hans", "zh-hans"), ("zh-hans", "en"), ("en", "zh-hans")]

SEEN = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
TEXTS = st.one_of(
    st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "_x0041_", "V6：说", "12.50", "00012", "否"]),
    st.text(SEEN, min_size=1, max_size=40),
)
AMOUNTS = st.integers(0, MOST).map(lambda fen: fen * FEN)
COUNTS = st.integers(0, 10_000_000)
RATES = st.integers(1, 10**12 - 1).map(lambda count: count * Decimal("0.000001"))


def a_figure(figure):
    """Nothing, nought, a usual amount, the largest; below nought where that may be."""
    known = COUNTS
    if figure.unit in {Unit.MONEY, Unit.PAY}:
        known = AMOUNTS
        if figure.sign != Sign.NEVER:
            known = st.one_of(known, AMOUNTS.map(lambda amount: -amount))
    return st.one_of(st.none(), st.just(0), known)


FILED = st.fixed_dictionaries(
    {name: a_figure(figure) for name, figure in FIGURES.items()}
    | {"is_cost_centre": st.booleans(), "reversal_reason": TEXTS.map(lambda text: f"冲{text}")}
)
CLASSES = st.dictionaries(
    st.sampled_from([entry.code for entry in service_classes(JANUARY).leaves]),
    st.fixed_dictionaries({name: a_figure(one) for name, one in CLASS_MEASURES.items()}),
    max_size=4,
)
MARKETS = st.dictionaries(
    st.tuples(
        st.sampled_from([entry.code for entry in markets(JANUARY)]),
        st.sampled_from([entry.code for entry in currencies(JANUARY)]),
    ),
    st.fixed_dictionaries(
        {
            "rate": st.one_of(st.none(), RATES),
            "contract_amount": st.one_of(st.none(), AMOUNTS),
            "executed_amount": st.one_of(st.none(), AMOUNTS),
        }
    ),
    max_size=4,
)
NOTES = st.dictionaries(
    st.tuples(st.sampled_from(["V6", "V7", "V12", "V13"]), st.sampled_from(sorted(FIGURES))).map(
        ":".join
    ),
    TEXTS,
    max_size=5,
)
SAID = st.tuples(FILED, CLASSES, MARKETS, NOTES, st.sampled_from(sorted(ReturnState)))


def write(row, said, operator):
    """A return that says this, in this state."""
    figures, classes, market_lines, notes, state = said
    save_draft(
        return_id=row.pk,
        figures=figures,
        classes=classes,
        markets=market_lines,
        notes=notes,
        now=NOW,
        acting_user=operator,
    )
    MonthlyReturn.objects.filter(pk=row.pk).update(state=state, revision_count=2)


def forget(book):
    """Take out the column that says what was there, from every sheet."""
    for sheet in book.worksheets[:-1]:
        for line in sheet.iter_rows(max_row=12):
            for cell in line:
                if cell.value == "was":
                    sheet.delete_cols(cell.column)
                    break


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=SAID, languages=st.sampled_from(LANGUAGES), knows=st.booleans())
def test_the_form_of_any_return_comes_back_as_it_is(db, said, languages, knows):
    """Also where the workbook does not know any more what it said when it was downloaded."""
    operator, row = UserFactory(roles=["operator_manager"]), make_return(headcount=1)
    write(row, said, operator)
    row.refresh_from_db()
    out, back = languages

    with translation.override(out):
        data = form_of(row, is_open=row.state in {"draft", "sent_back"})
    data = data if knows else edited(data, forget)
    with translation.override(back):
        comparison = compare(data, operator)

    assert changes(comparison) == {}
    assert comparison.unchanged_count == 1


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(several=st.lists(SAID, min_size=3, max_size=5), knows=st.booleans())
def test_so_do_all_months_of_an_enterprise(db, several, knows):
    operator, enterprise = UserFactory(roles=["operator_manager"]), make_tenant()
    for count, said in enumerate(several):
        month = add_months(JANUARY, -2 * count)
        write(make_return(enterprise=enterprise, month=month, headcount=1), said, operator)

    data = months_of(enterprise, operator, TODAY)
    comparison = compare(data if knows else edited(data, forget), operator)

    assert changes(comparison) == {}
    assert comparison.unchanged_count >= 2 * len(several)  # months without a return are rows too
    assert MonthlyReturn.objects.filter(enterprise=enterprise).count() == len(several)


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(several=st.lists(SAID, min_size=3, max_size=5), knows=st.booleans())
def test_so_do_all_enterprises_of_a_month(db, several, knows):
    operator = UserFactory(roles=["operator_manager"])
    make_tenant()
    for said in several:
        write(make_return(headcount=1), said, operator)

    data = park_of(JANUARY, operator)
    comparison = compare(data if knows else edited(data, forget), operator)

    assert changes(comparison) == {}
    assert comparison.unchanged_count >= len(several) + 1


def test_a_closed_month_comes_back_as_it_is(operator):
    row = make_return()
    close(JANUARY)

    assert not compare(form_of(row, is_open=False), operator).changed
    assert not compare(park_of(JANUARY, operator), operator).changed


def test_nought_is_a_figure_and_blank_is_none(operator):
    row = make_return(revenue=Decimal(0), joined=0, headcount=5)
    data = form_of(row, is_open=True)

    blanked = edited(data, lambda book: _put(book, {"joined": None, "revenue": None}))
    filled = edited(data, lambda book: _put(book, {"left": 0, "taxes": 0}))

    assert changes(compare(blanked, operator)) == {"joined": ("0", ""), "revenue": ("0.00", "")}
    assert changes(compare(filled, operator)) == {"left": ("", "0"), "taxes": ("", "0.00")}


def test_money_is_exact_to_the_fen_on_every_way(operator):
    row = make_return(revenue=Decimal("99999999999999.99"), taxes=FEN, headcount=1)

    data = edited(
        form_of(row, is_open=True),
        lambda book: _put(book, {"taxes": 0.000002, "business_costs": "－1,234.000001"}),
    )

    (one,) = compare(data, operator).found
    assert one.figures == {"taxes": Decimal("0.02"), "business_costs": Decimal("-12340000.01")}
    assert one.after["revenue"] == Decimal("99999999999999.99")


def _put(book, values):
    for name, value in values.items():
        cell_of(book.worksheets[0], name).value = value
