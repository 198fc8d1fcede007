"""The columns of a return's figures, the same in the draft and in every revision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES, Figure


def _money(figure: Figure) -> models.DecimalField:
    label: Any = figure.label
    return models.DecimalField(label, max_digits=16, decimal_places=2, null=True, blank=True)


def _count(figure: Figure) -> models.PositiveIntegerField:
    label: Any = figure.label
    return models.PositiveIntegerField(label, null=True, blank=True)


class ReturnFigures(models.Model):
    """What a return says of its month. Money in 元; people in heads at the end of the month."""

    is_cost_centre = models.BooleanField(
        _("cost centre of another firm"),
        default=False,
        help_text="Has no revenue of its own; its parent settles with it (`internal_settlement`).",
    )
    is_nil = models.BooleanField(_("nil return"), default=False)
    reversal_reason = models.CharField(_("reason for the reversal"), max_length=300, blank=True)
    notes: Any = models.JSONField(
        _("notes"), default=dict, blank=True, help_text="By check and place: V6:revenue."
    )

    revenue = _money(FIGURES["revenue"])
    taxes = _money(FIGURES["taxes"])
    internal_settlement = _money(FIGURES["internal_settlement"])

    contracts = _count(FIGURES["contracts"])
    contract_value = _money(FIGURES["contract_value"])
    offshore_contract_value = _money(FIGURES["offshore_contract_value"])
    executed_value = _money(FIGURES["executed_value"])
    offshore_executed_value = _money(FIGURES["offshore_executed_value"])
    onshore_executed_value = _money(FIGURES["onshore_executed_value"])

    opening = _count(FIGURES["opening"])
    joined = _count(FIGURES["joined"])
    left = _count(FIGURES["left"])
    headcount = _count(FIGURES["headcount"])
    returnees = _count(FIGURES["returnees"])
    graduates = _count(FIGURES["graduates"])
    insured = _count(FIGURES["insured"])
    average_pay = _money(FIGURES["average_pay"])
    dispatched = _count(FIGURES["dispatched"])
    interns = _count(FIGURES["interns"])
    trainees = _count(FIGURES["trainees"])

    postgraduate = _count(FIGURES["postgraduate"])
    bachelor = _count(FIGURES["bachelor"])
    junior_college = _count(FIGURES["junior_college"])
    below_college = _count(FIGURES["below_college"])
    age_18_26 = _count(FIGURES["age_18_26"])
    age_27_35 = _count(FIGURES["age_27_35"])
    age_36_up = _count(FIGURES["age_36_up"])
    local = _count(FIGURES["local"])
    same_province = _count(FIGURES["same_province"])
    elsewhere = _count(FIGURES["elsewhere"])

    peak_seats = _count(FIGURES["peak_seats"])
    shifts = _count(FIGURES["shifts"])
    planned_hires = _count(FIGURES["planned_hires"])

    business_costs = _money(FIGURES["business_costs"])
    tax_surcharge = _money(FIGURES["tax_surcharge"])
    selling_expenses = _money(FIGURES["selling_expenses"])
    admin_expenses = _money(FIGURES["admin_expenses"])
    finance_expenses = _money(FIGURES["finance_expenses"])
    investment_income = _money(FIGURES["investment_income"])
    operating_profit = _money(FIGURES["operating_profit"])
    total_profit = _money(FIGURES["total_profit"])
    income_tax = _money(FIGURES["income_tax"])
    wages_payable = _money(FIGURES["wages_payable"])
    vat_payable = _money(FIGURES["vat_payable"])

    class Meta:
        abstract = True

    FIELDS = tuple(FIGURES)
    STATED = ("is_cost_centre", "is_nil", "reversal_reason", "notes")
    FILED = (*STATED, *FIELDS)

    def figures(self) -> dict[str, Decimal | int | None]:
        """Every figure by its name."""
        return {name: getattr(self, name) for name in self.FIELDS}

    def filed(self) -> dict[str, Any]:
        """The figures and what is stated with them, by the names of the columns."""
        return {name: getattr(self, name) for name in self.FILED}


class ClassFigures(models.Model):
    """The figures of one class of services (`catalogue.service_classes`), in 元."""

    service_class = models.CharField(_("class of services"), max_length=12)
    contracts = _count(CLASS_MEASURES["contracts"])
    contract_value = _money(CLASS_MEASURES["contract_value"])
    executed_value = _money(CLASS_MEASURES["executed_value"])
    offshore_executed_value = _money(CLASS_MEASURES["offshore_executed_value"])

    class Meta:
        abstract = True

    KEY = ("service_class",)
    FIELDS = tuple(CLASS_MEASURES)


class MarketFigures(models.Model):
    """The figures of clients of one country or region in one currency, in units of it."""

    market = models.CharField(_("country or region"), max_length=3)
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(
        _("rate"),
        max_digits=14,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="元 for one unit of the currency.",
    )
    contract_amount = _money(MARKET_MEASURES["contract_amount"])
    executed_amount = _money(MARKET_MEASURES["executed_amount"])

    class Meta:
        abstract = True

    KEY = ("market", "currency")
    FIELDS = ("rate", *MARKET_MEASURES)
