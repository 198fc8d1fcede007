"""The parts draw what their callers give, escaped, in both languages."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines
from django.test import Client, override_settings
from django.utils.translation import override

from web import charts, seat_kinds


def draw(source: str, language: str = "zh-hans", **context: Any) -> str:
    template = engines["django"].from_string("{% load parts formats %}" + source)
    with override(language):
        return " ".join(template.render(context).split())


class TestParts:
    def test_texts_are_escaped_and_drawn_content_is_not(self) -> None:
        html = draw("{% section title count='2' %}<b>{{ title }}</b>{% endsection %}", title="<i>")

        assert "<h2>&lt;i&gt;</h2>" in html
        assert "<b>&lt;i&gt;</b>" in html

    def test_figure_is_always_a_link_with_its_denominator(self) -> None:
        html = draw("{% figure 5582 '席' url='/rows/' of='÷ 6,876 可用' %}")

        assert '<a class="x-fig x-big" href="/rows/">5,582</a>' in html
        assert '<span class="x-den">÷ 6,876 可用</span>' in html

    def test_cells_carry_what_the_phone_needs(self) -> None:
        html = draw("{% number_cell 1038 url='/r/' label='已签约' unit='席' kind='l' %}")

        assert html == (
            '<td class="n l" data-l="已签约" data-u="席"><a class="x-fig" href="/r/">1,038</a></td>'
        )

    def test_restated_cell_keeps_its_mark(self) -> None:
        html = draw("{% restated as re %}{% number_cell 962 mark=re %}")

        assert html == '<td class="n"><span class="x-mk re">修</span>962</td>'

    def test_rate_is_never_without_its_denominator(self) -> None:
        html = draw("{% rate_cell 0.8827 1176 '可用' %}")

        assert html == '<td class="n">88.3%<span class="x-den">÷ 1,176 可用</span></td>'

    @pytest.mark.parametrize(
        ("left", "chinese", "english", "kind"),
        [
            (7, "还剩 7 工时", "7 working hours left", '<span class="">'),
            (4, "还剩 4 工时", "4 working hours left", '<span class="look">'),
            (1, "还剩 1 工时", "1 working hour left", '<span class="look">'),
            (-2, "超时 2 工时", "2 working hours over", '<span class="must">'),
        ],
    )
    def test_clock_asks_more_as_time_runs_out(
        self, left: int, chinese: str, english: str, kind: str
    ) -> None:
        assert kind + chinese in draw("{% clock left 24 %}", left=left)
        assert english in draw("{% clock left 24 %}", "en", left=left)

    def test_empty_fact_is_a_dash(self) -> None:
        assert draw("{% fact '备注' %} {% endfact %}") == "<dt>备注</dt><dd>–</dd>"

    def test_steps_mark_the_current_one(self) -> None:
        html = draw("{% steps labels 2 %}", labels=["已提交", ("审核中", None), "已落实"])

        assert '<li class="past">已提交</li>' in html
        assert '<li class="now" aria-current="step">审核中</li>' in html
        assert "<li>已落实</li>" in html

    def test_crumbs_end_where_one_is(self) -> None:
        html = draw(
            "{% crumbs '席位' '/seats/' 'C-1' as way %}{% head 't' crumbs=way %}{% endhead %}"
        )

        assert '<p class="x-crumb"><a href="/seats/">席位</a> / C-1</p>' in html

    @pytest.mark.parametrize(
        ("state", "polls", "says"),
        [
            ("queued", True, "排队中"),
            ("running", True, "已完成 12 ÷ 28"),
            ("done", False, '<a href="/r/">看报表</a>'),
            ("failed", False, "没有完成"),
        ],
    )
    def test_progress_asks_again_only_while_there_is_work(
        self, state: str, polls: bool, says: str
    ) -> None:
        job = SimpleNamespace(state=state, done=12, total=28, message="")

        html = draw("{% progress job url='/j/' result_url='/r/' result='看报表' %}", job=job)

        assert ("hx-trigger" in html) is polls
        assert says in html

    def test_confirm_posts_with_a_token(self) -> None:
        html = draw(
            "{% confirm url='/release/' verb='释放 40 席' back_url='/' %}340 → 300{% endconfirm %}",
            csrf_token="the-token",
        )

        assert 'method="post" action="/release/"' in html
        assert 'name="csrfmiddlewaretoken" value="the-token"' in html
        assert "340 → 300" in html


class TestSeatKinds:
    def test_bar_is_in_order_and_full(self) -> None:
        pieces = seat_kinds.bar({"free": 98, "firm": 1038, "closed": 24, "hold": 40})

        assert [piece.kind for piece in pieces] == ["firm", "hold", "closed", "free"]
        assert sum(piece.width for piece in pieces) == pytest.approx(seat_kinds.WIDTH, abs=0.3)

    def test_little_is_still_seen(self) -> None:
        pieces = seat_kinds.bar({"firm": 100_000, "closed": 1})

        assert pieces[1].width > 2.9

    def test_nothing_is_an_empty_bar(self) -> None:
        assert seat_kinds.bar({"firm": 0}) == []


class TestCharts:
    @pytest.mark.parametrize(
        "values", [[4520, 5582], [0, 0], [3], [-5, 12], [0.581, 0.93], [None, 7], [17, 9943]]
    )
    def test_line_has_four_grid_lines_at_most_around_its_values(self, values: list[Any]) -> None:
        chart = charts.line("席", [str(n) for n in range(len(values))], values, head="月份")

        axis, known = chart.option["yAxis"], [value for value in values if value is not None]
        assert round((axis["max"] - axis["min"]) / axis["interval"]) <= 3
        assert axis["min"] <= min(known)
        assert axis["max"] >= max(known)

    def test_bars_start_at_nought_and_name_the_rest_in_grey(self) -> None:
        chart = charts.bars("营业收入", [("客服", 7820), ("其他", 1290)], head="类", other="其他")

        first, rest = chart.option["series"][0]["data"]
        assert chart.option["xAxis"]["min"] == 0
        assert first["itemStyle"]["color"] != rest["itemStyle"]["color"]
        assert chart.rows == [["客服", 7820], ["其他", 1290]]
        assert chart.text == "营业收入: 客服 7,820; 其他 1,290"


@pytest.mark.urls("tests.web.urls")
class TestStyleguide:
    def test_is_for_development_only(self) -> None:
        assert Client().get("/styleguide/").status_code == 404

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @override_settings(DEBUG=True)
    def test_draws_every_sample_with_its_usage(self, language: str) -> None:
        response = Client().get("/styleguide/", headers={"Accept-Language": language})

        assert response.status_code == 200
        assert response.text.count('<article class="x-sample"') == 16
        assert response.text.count("<pre") == 16
        assert "style=" not in response.text

    @override_settings(DEBUG=True)
    def test_progress_gets_on(self) -> None:
        part = Client().get("/styleguide/progress/27/", headers={"HX-Request": "true"}).text
        last = Client().get("/styleguide/progress/28/").text

        assert 'hx-get="/styleguide/progress/28/"' in part
        assert "hx-trigger" not in last.split("<main")[1]
