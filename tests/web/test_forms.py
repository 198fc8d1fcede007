"""Fields read what people type, and say what is wrong where they look."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

from web.forms import (
    CountField,
    DayField,
    MoneyField,
    MonthField,
    QuantityField,
    VersionMixin,
    add_refusal,
    plain_number,
)
from web.refusals import Invalid, Refusal


class RequestForm(VersionMixin, forms.Form):
    seats = CountField(label="席位数", unit="席", min_value=1, help_text="整数")
    revenue = MoneyField(label="营业收入", required=False)
    contiguous = forms.BooleanField(label="须连续", required=False)
    kind = forms.ChoiceField(
        label="种类", choices=[("new", "新租")], widget=forms.RadioSelect, required=False
    )


class TestPlainNumber:
    @pytest.mark.parametrize(
        ("typed", "plain"),
        [
            ("300", "300"),
            ("３００", "300"),
            ("1,038", "1038"),
            ("１，０３８", "1038"),
            ("21 600 000", "21600000"),
            (" 2,160.00 ", "2160.00"),
            ("２，１６０．５", "2160.5"),
            ("-24", "-24"),
            ("−24", "-24"),
            ("+6", "+6"),
            (".5", ".5"),
        ],
    )
    def test_accepts_what_people_type(self, typed: str, plain: str) -> None:
        assert plain_number(typed) == plain

    @pytest.mark.parametrize(
        "typed",
        ["98,75", "1,2,3", "12,34,567", "2.160,00", "三百", "1e5", "", "--1", "1,038,", "٣"],
    )
    def test_refuses_what_is_not_clear(self, typed: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 — the message is what was typed
            plain_number(typed)


class TestCountField:
    def test_reads_full_width_digits_with_separators(self) -> None:
        assert CountField().clean("１，０３８") == 1038

    @pytest.mark.parametrize("typed", ["98,75", "3.5", "many", "1,03"])
    def test_says_how_to_type_it(self, typed: str) -> None:
        with override("en"), pytest.raises(ValidationError, match="Type a whole number"):
            CountField().clean(typed)

    def test_keeps_its_limits(self) -> None:
        with pytest.raises(ValidationError):
            CountField(min_value=1).clean("0")

    def test_shows_separators(self) -> None:
        assert CountField().prepare_value(21600) == "21,600"

    def test_has_not_changed_when_only_written_differently(self) -> None:
        assert not CountField().has_changed(1038, "1,038")


class TestMoneyField:
    @pytest.mark.parametrize(
        ("typed", "yuan"),
        [
            ("2,160.00", Decimal(21_600_000)),
            ("２１６０", Decimal(21_600_000)),
            ("0.01", Decimal(100)),
            ("-98.75", Decimal(-987_500)),
            ("0", Decimal(0)),
        ],
    )
    def test_takes_wan_and_gives_yuan(self, typed: str, yuan: Decimal) -> None:
        assert MoneyField().clean(typed) == yuan

    @pytest.mark.parametrize("typed", ["98,75", "2.160,00", "12.345", "万", "9" * 16])
    def test_refuses(self, typed: str) -> None:
        with pytest.raises(ValidationError):
            MoneyField().clean(typed)

    def test_empty_is_none(self) -> None:
        assert MoneyField(required=False).clean("") is None

    @pytest.mark.parametrize(
        ("yuan", "shown"),
        [
            (Decimal(21_600_000), "2,160.00"),
            (Decimal("21600000.00"), "2,160.00"),
            (Decimal("12345.67"), "1.234567"),
            (None, None),
            ("2,16", "2,16"),
        ],
    )
    def test_shows_wan_and_never_rounds_away(self, yuan: Any, shown: Any) -> None:
        assert MoneyField().prepare_value(yuan) == shown

    def test_has_not_changed_when_sent_back_as_shown(self) -> None:
        field = MoneyField()

        assert not field.has_changed(Decimal(21_600_000), "2,160.00")
        assert field.has_changed(Decimal(21_600_000), "2,160.01")
        assert field.has_changed(Decimal(21_600_000), "2,16")

    def test_limits_are_in_yuan(self) -> None:
        field = MoneyField(min_value=0)

        assert field.clean("0.01") == 100
        with pytest.raises(ValidationError):
            field.clean("-0.01")

    def test_names_its_unit(self) -> None:
        with override("zh-hans"):
            assert str(MoneyField().unit) == "万元"


class TestQuantityField:
    def test_reads_as_many_places_as_it_has(self) -> None:
        field = QuantityField(places=1, unit="m²")

        assert field.clean("3,340.5") == Decimal("3340.5")
        with override("en"), pytest.raises(ValidationError, match="At most 1 decimal place"):
            field.clean("3,340.55")


class TestDayField:
    @pytest.mark.parametrize(
        "typed",
        [
            "2024-02-20",
            "2024/2/20",
            "20240220",
            "2024年2月20日",
            "２０２４－０２－２０",
            "2024.02.20",
        ],
    )
    def test_reads_a_day(self, typed: str) -> None:
        assert DayField().clean(typed) == date(2024, 2, 20)

    @pytest.mark.parametrize("typed", ["2024-02-30", "2024-13-01", "20-02-2024", "2024111", "soon"])
    def test_refuses_what_is_no_day(self, typed: str) -> None:
        with override("en"), pytest.raises(ValidationError, match="Type a day as 2024-02-20"):
            DayField().clean(typed)

    @pytest.mark.parametrize("typed", ["1989-12-31", "9999-01-01"])
    def test_refuses_days_outside_our_time(self, typed: str) -> None:
        with pytest.raises(ValidationError) as refusal:
            DayField().clean(typed)
        assert refusal.value.code == "range"

    def test_is_drawn_with_the_calendar_of_the_browser(self) -> None:
        class Form(forms.Form):
            start = DayField(initial=date(2024, 5, 1))

        html = str(Form()["start"])

        assert 'type="date"' in html
        assert 'value="2024-05-01"' in html


class TestMonthField:
    @pytest.mark.parametrize(
        "typed", ["2024-01", "2024/1", "202401", "2024年1月", "２０２４－０１"]
    )
    def test_reads_a_month_as_its_first_day(self, typed: str) -> None:
        assert MonthField().clean(typed) == date(2024, 1, 1)

    @pytest.mark.parametrize("typed", ["2024-13", "2024", "January", "2024-01-01"])
    def test_refuses_what_is_no_month(self, typed: str) -> None:
        with pytest.raises(ValidationError):
            MonthField().clean(typed)

    def test_shows_and_compares_months(self) -> None:
        field = MonthField()

        assert field.prepare_value(date(2024, 1, 15)) == "2024-01"
        assert not field.has_changed(date(2024, 1, 1), "2024-01")


class TestDrawing:
    def test_unit_help_and_label_belong_to_the_entry(self) -> None:
        html = RequestForm(initial={"seats": 1038})["seats"].as_field_group()

        assert '<label class="x-lab" for="id_seats">席位数</label>' in html
        assert 'value="1,038"' in html
        assert 'inputmode="numeric"' in html
        assert 'aria-describedby="id_seats_unit id_seats_helptext"' in html
        assert '<span class="x-u" id="id_seats_unit">席</span>' in html

    def test_error_stands_beside_its_field_and_in_the_list_at_the_head(self) -> None:
        with override("en"):
            html = str(RequestForm({"seats": "98,75"}))

        assert 'aria-invalid="true"' in html
        assert 'class="x-in n must"' in html
        assert 'id="id_seats_error"' in html
        assert '<a href="#id_seats">席位数</a>' in html
        assert 'value="98,75"' in html

    def test_optional_entries_say_so(self) -> None:
        with override("zh-hans"):
            assert "（可空）" in RequestForm()["revenue"].as_field_group()
            assert "（可空）" not in RequestForm()["seats"].as_field_group()

    def test_choices_are_a_named_group(self) -> None:
        html = RequestForm()["kind"].as_field_group()

        assert "<fieldset" in html
        assert '<legend class="x-lab">种类' in html

    def test_no_placeholder_stands_for_a_label(self) -> None:
        class Form(forms.Form):
            name = forms.CharField(widget=forms.TextInput({"placeholder": "Name"}))

        assert "placeholder" not in str(Form()["name"])


class TestVersionMixin:
    def test_carries_the_version_that_was_seen(self) -> None:
        form = RequestForm({"seats": "1", "version": "7"})

        assert form.is_valid()
        assert form.expected_version == 7

    def test_is_none_without_one(self) -> None:
        form = RequestForm({"seats": "1"})

        assert form.is_valid()
        assert form.expected_version is None


class TestAddRefusal:
    def test_speaks_beside_the_field_it_is_about(self) -> None:
        form = RequestForm({"seats": "10"})

        add_refusal(form, Refusal("Too many.", field="seats"))

        assert form.errors["seats"] == ["Too many."]

    def test_speaks_at_the_head_about_anything_else(self) -> None:
        form = RequestForm({"seats": "10"})

        add_refusal(form, Refusal("The month is closed.", field="month"))

        assert form.non_field_errors() == ["The month is closed."]

    def test_gives_every_error_its_place(self) -> None:
        form = RequestForm({"seats": "10"})

        add_refusal(form, Invalid({"seats": "Too many.", "revenue": ["Negative."]}))

        assert set(form.errors) == {"seats", "revenue"}
