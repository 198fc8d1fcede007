"""The pages of an import, from the upload to the undo, as an operator goes through them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.permissions import Role
from foundation.models import Job
from foundation.services import jobs
from seats import tasks
from seats.models import Allocation, AllocationImport, SeatBlock
from seats.services.imports import checking
from tests.desk import Desk, text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.factories.workbooks import written
from tests.seats.imports.sheets import HEADS, applied, checked, sheet_of, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

COLUMNS = ["enterprise", "run", "count", "kind", "start", "end", "reason"]


@pytest.fixture
def floor():
    return make_floor(level=3, seats=468)


@pytest.fixture
def mairui():
    return EnterpriseFactory(name="内江迈睿科技有限公司", short_name="迈睿")


def upload(park, data, name="席位台账.xlsx"):
    return park.client.post("/seats/import/", {"file": SimpleUploadedFile(name, data)})


def columns(row, **other):
    typed = {f"column_{place}": name for place, name in enumerate(COLUMNS)}
    return {**typed, "head_row": 1, "usual_kind": "firm", "version": row.version, **other}


def line(who, run, kind="已签约", start="2024-03-01", note=None):
    return [who, f"C-1-3F-{run}", None, kind, start, None, note]


class TestTheWay:
    def test_from_upload_to_undo(self, park, floor, mairui):
        page = upload(
            park, table(line("迈睿信息", "1-20"), line(None, "31-40", "停用", note="检修"))
        )
        row = AllocationImport.objects.get()
        assert page.url == reverse("seats:import-columns", args=[row.pk])

        page = park.follow(page.url)
        assert "C-1-3F-1-20" in text_of(page), "an example of what stands in the column"

        page = park.post("seats:import-columns", row.pk, **columns(row))
        assert page.url == reverse("seats:import-names", args=[row.pk])
        assert "1 name is not clear" in text_of(park.follow(page.url))

        page = park.post("seats:import-names", row.pk, name_0=str(mairui.pk))
        assert page.url == reverse("seats:import-changes", args=[row.pk])
        text = text_of(park.follow(page.url))
        assert "2 changes" in text
        assert "New 2 30" in text
        assert "3 rows were read: 2 of the table, 1 beside it, 0 blank." in text
        assert "迈睿信息 内江迈睿科技有限公司" in text

        row.refresh_from_db()
        page = park.post("seats:import-apply", row.pk, version=row.version)
        assert page.url == reverse("seats:import-detail", args=[row.pk])
        assert "席位台账.xlsx: applied" in text_of(park.follow(page.url))
        assert SeatBlock.objects.real().count() == 2

        assert "30 seats that it gave are taken back" in text_of(
            park.get("seats:import-undo", row.pk)
        )
        page = park.post("seats:import-undo", row.pk)
        assert "applied and undone" in text_of(park.follow(page.url))
        assert SeatBlock.objects.real().count() == 0

    def test_going_back_loses_nothing(self, park, floor, mairui):
        upload(park, table(line("迈睿信息", "1-20")))
        row = AllocationImport.objects.get()
        typed = columns(row, usual_kind="hold", repeats="on", column_6="")
        park.post("seats:import-columns", row.pk, **typed)
        park.post("seats:import-names", row.pk, name_0=str(mairui.pk))

        page = park.get("seats:import-columns", row.pk)

        form = page.context["form"]
        assert form["usual_kind"].value() == "hold"
        assert form["repeats"].value() is True
        assert form["column_6"].value() == ""
        row.refresh_from_db()
        assert row.answers == {"迈睿信息|": str(mairui.pk)}

    def test_answers_can_be_asked_for_again(self, park, floor, mairui):
        row = checked(
            table(line("迈睿信息", "1-20")), park.user, answers={"迈睿信息|": "leave_out"}
        )
        assert row.questions == []

        page = park.post("seats:import-names", row.pk, forget="1")

        assert page.url == reverse("seats:import-names", args=[row.pk])

    def test_a_corrected_file_keeps_what_was_chosen_for_it(self, park, floor, mairui):
        upload(park, table(line("迈睿信息", "1-20"), line("迈睿", "900")))
        row = AllocationImport.objects.get()
        park.post("seats:import-columns", row.pk, **columns(row, column_6=""))
        park.post("seats:import-names", row.pk, name_0=str(mairui.pk))

        upload(park, table(line("迈睿信息", "1-20"), line("迈睿", "90")))

        again = AllocationImport.objects.latest("pk")
        assert again.answers == {"迈睿信息|": str(mairui.pk)}
        assert "6" not in again.columns

    def test_another_enterprise_is_typed(self, park, floor, mairui):
        row = checked(table(line("火星人", "1-20")), park.user)

        wrong = park.post("seats:import-names", row.pk, name_0="other", other_0="没有")
        assert "No enterprise is called just so." in text_of(wrong)

        page = park.post("seats:import-names", row.pk, name_0="other", other_0=mairui.credit_code)
        assert page.url == reverse("seats:import-changes", args=[row.pk])

    def test_rows_that_are_left_out_are_counted(self, park, floor, mairui):
        row = checked(table(line("火星人", "1-20"), line("迈睿", "21-30")), park.user)
        park.post("seats:import-names", row.pk, name_0="leave_out")

        text = text_of(park.get("seats:import-changes", row.pk))

        assert "3 rows were read: 1 of the table, 2 beside it, 0 blank." in text
        assert "left out, as you chose 1" in text

    def test_one_of_several_sheets_is_chosen(self, park, floor, mairui):
        def fill(book):
            for name in ("说明", "C区"):
                sheet = book.add_worksheet(name)
                for number, row in enumerate([HEADS, line("迈睿", "1-20")]):
                    sheet.write_row(number, 0, [one or "" for one in row])

        page = upload(park, written(fill))
        row = AllocationImport.objects.get()
        assert page.url == reverse("seats:import-sheet", args=[row.pk])
        assert "C区, 2 rows" in text_of(park.follow(page.url))

        park.post("seats:import-sheet", row.pk, sheet="C区")

        row.refresh_from_db()
        assert (row.sheet, row.columns["1"]) == ("C区", "run")

    def test_the_heads_are_guessed_again_from_another_row(self, park, floor):
        upload(park, sheet_of([HEADS, line("迈睿", "1-20"), line("迈睿", "31-40")]))
        row = AllocationImport.objects.get()

        page = park.post("seats:import-columns", row.pk, again="1", head_row=0)

        assert page.status_code == 200
        assert page.context["form"]["head_row"].value() == "0"
        assert page.context["form"]["column_1"].value() == "run", "by what stands in it"

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            ({"column_1": ""}, "Say in which column the seats are"),
            ({"column_4": ""}, "Say in which column the first day is"),
            ({"column_0": ""}, "Say in which column the enterprise is"),
            ({"column_6": "run"}, "Column B is that already."),
            ({"head_row": ""}, "This field is required."),
        ],
    )
    def test_columns_that_make_no_list_are_told(self, park, floor, other, said):
        upload(park, table(line("迈睿", "1-20")))
        row = AllocationImport.objects.get()

        page = park.post("seats:import-columns", row.pk, **columns(row, **other))

        assert said in text_of(page)

    def test_the_whole_of_a_zone_is_said_with_a_day(self, park, floor, mairui):
        make_allocation(floor, (41, 60), to=mairui, start=date(2024, 1, 1))
        row = checked(table(line("迈睿", "1-20")), park.user)

        page = park.post("seats:import-changes", row.pk, zones=["C"], from_day="")
        assert "Say from which day they are released." in text_of(page)
        park.post("seats:import-changes", row.pk, zones=["C"], from_day="2024-04-01")

        text = text_of(park.get("seats:import-changes", row.pk, show="missing"))
        assert "Missing 1 20" in text
        assert "Free from from 2024-01-01 → 2024-04-01" in text


class TestWhatIsWrong:
    def test_cells_and_conflicts_are_shown_and_nothing_can_be_applied(self, park, floor, mairui):
        make_allocation(floor, (11, 30), to=mairui, last=date(2024, 12, 31))
        EnterpriseFactory(short_name="诚伯")
        row = checked(table(line("诚伯", "1-20"), line("诚伯", "469")), park.user)

        page = park.get("seats:import-changes", row.pk)

        text = text_of(page)
        assert "2 things to correct" in text
        assert "B2 C-1-3F-011 — 020 is taken by 迈睿 until 2024-12-31." in text
        assert "B3 C-1-3F ends with seat C-1-3F-468." in text
        assert reverse("seats:import-apply", args=[row.pk]) not in page.content.decode()
        refused = park.post("seats:import-apply", row.pk, version=row.version)
        assert refused.status_code == 409

    def test_all_of_it_can_be_downloaded(self, park, floor, mairui):
        row = checked(table(line("迈睿", "469"), line("迈睿", "470")), park.user)

        file = park.get("seats:import-errors", row.pk).content.decode("utf-8-sig")

        assert file.splitlines()[1:] == [
            '2,"B2","","C-1-3F ends with seat C-1-3F-468."',
            '3,"B3","","C-1-3F ends with seat C-1-3F-468."',
        ]

    def test_a_change_meanwhile_is_told_and_shown(self, park, floor, mairui):
        row = checked(table(line("迈睿", "1-20")), park.user)
        make_allocation(floor, (5, 6), to=EnterpriseFactory(short_name="后来"))

        page = park.post("seats:import-apply", row.pk, version=row.version)

        assert page.status_code == 409
        text = text_of(page)
        assert "Nothing was applied: the park has changed since you looked, in 1 line." in text
        assert "In conflict 1 20" in text

    def test_the_same_file_again_says_that_it_was_applied(self, park, floor, mairui):
        data = table(line("迈睿", "1-20"))
        applied(data, park.user)

        text = text_of(park.follow(upload(park, data).url))

        assert "This very file was applied on 2024-02-22 10:00 by 张敏." in text

    def test_what_was_built_on_it_is_told_before_anybody_asks(self, park, floor, mairui):
        row = applied(table(line("迈睿", "1-20")), park.user)
        Allocation.objects.update(version=7)

        text = text_of(park.get("seats:import-undo", row.pk))

        assert "迈睿, allocation No." in text
        assert "So it can't be undone as one." in text


class TestInTheBackground:
    def test_a_large_list_shows_its_progress(self, park, floor, mairui, monkeypatch):
        monkeypatch.setattr(checking, "LARGE", 1)
        upload(park, table(line("迈睿", "1-20")))
        row = AllocationImport.objects.get()

        page = park.post("seats:import-columns", row.pk, **columns(row))
        assert "The list is being worked on" in text_of(park.follow(page.url))
        jobs.run(Job.objects.get(kind=tasks.CHECK).pk)
        page = park.get("seats:import-detail", row.pk)
        assert page.url == reverse("seats:import-changes", args=[row.pk])

        row.refresh_from_db()
        park.post("seats:import-apply", row.pk, version=row.version)
        jobs.run(Job.objects.get(kind=tasks.APPLY).pk)
        assert "席位台账.xlsx: applied" in text_of(park.get("seats:import-detail", row.pk))

    def test_what_a_job_was_refused_with_is_told_once(self, park, floor, mairui, monkeypatch):
        monkeypatch.setattr(checking, "LARGE", 1)
        row = checked(table(line("迈睿", "1-20")), park.user)
        park.post("seats:import-apply", row.pk, version=row.version)
        make_allocation(floor, (5, 6), to=EnterpriseFactory(short_name="后来"))
        jobs.run(Job.objects.get(kind=tasks.APPLY).pk)

        page = park.get("seats:import-detail", row.pk)

        text = text_of(park.follow(page.url))
        assert "后来" in text
        assert "In conflict 1 20" in text


class TestTheFile:
    def test_the_list_s_filters_count(self, park, floor, mairui):
        make_floor(zone="A")
        make_allocation(floor, (1, 20), to=mairui, start=date(2024, 1, 1))
        make_allocation(floor, (21, 40), to=mairui, start=date(2024, 4, 1))
        make_allocation(floor, (41, 50), kind="closure", start=date(2024, 1, 1))

        def seats(**filters):
            page = park.get("seats:allocation-export", format="csv", **filters)
            return [line.split(",")[1] for line in page.content.decode().splitlines()[1:]]

        assert seats() == ['"020"', '"050"']
        assert seats(when="ahead") == ['"020"', '"040"', '"050"']
        assert seats(when="ahead", kind="firm") == ['"020"', '"040"']
        assert seats(on="2024-04-01", enterprise="迈睿") == ['"020"', '"040"']
        assert seats(zone="A") == []

    def test_an_enterprise_gets_its_own(self, floor, mairui):
        make_allocation(floor, (1, 20), to=mairui)
        make_allocation(floor, (21, 40), to=EnterpriseFactory())
        theirs = Desk(make_member(mairui))

        page = theirs.get("seats:allocation-export", format="csv")

        assert len(page.content.decode().splitlines()) == 2

    def test_the_list_offers_what_it_shows(self, park, floor, mairui):
        page = park.get("seats:allocation-list", when="ahead", zone="C")

        address = reverse("seats:allocation-export")
        assert f"{address}?when=ahead&amp;zone=C&amp;format=xlsx" in page.content.decode()


class TestNumbersOfQueries:
    def test_of_the_list_of_imports(self, park, floor, mairui, django_assert_num_queries):
        def queries():
            with django_assert_num_queries(5):
                park.get("seats:import-list")

        checked(table(line("迈睿", "1-20")), park.user)
        park.get("seats:import-list")
        queries()
        for number in range(4):
            checked(table(line("迈睿", f"{number + 30}")), park.user)
        queries()

    def test_of_the_changes(self, park, floor, mairui, django_assert_max_num_queries):
        few = checked(table(line("迈睿", "1-20")), park.user)
        lines = [line("迈睿", f"{number}") for number in range(1, 60)]
        many = checked(table(*lines), park.user)

        for row in (few, many):
            with django_assert_max_num_queries(14):
                park.get("seats:import-changes", row.pk)

    def test_of_checking_and_applying(self, operator, floor, mairui, django_assert_max_num_queries):
        lines = [line("迈睿", f"{number}") for number in range(1, 200)]
        with django_assert_max_num_queries(60):
            applied(table(*lines), operator)


def test_only_operators_see_imports(floor, mairui, person):
    operator = person(Role.OPERATOR_STAFF)
    row = checked(table(line("迈睿", "1-20")), operator)

    for role in (Role.AUDITOR, Role.PROMOTION_OFFICER, Role.OFFICIAL):
        assert not AllocationImport.objects.visible_to(person(role)).exists()
    assert AllocationImport.objects.visible_to(operator).get() == row
