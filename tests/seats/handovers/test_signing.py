"""Both sides sign the same list, in order, once; then nothing in it changes ever again."""

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError

from accounts.permissions import Role
from foundation.models import Message
from seats.handover_lines import NewLine
from seats.models import Direction, Handover, HandoverLine, HandoverState, Item
from seats.services import handovers as services
from seats.services.handovers import HANDOVER_STEPS, HandoverExists
from seats.services.refusals import WrongState
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.fit_outs import make_handover, sign, sign_both
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.together import together
from tests.undone import undone
from web.refusals import Forbidden, Invalid, Stale

DATABASE_REFUSES = (InternalError, ProgrammingError)

# What the issue says; where nothing stands the step is refused.
ALLOWED = {
    ("draft", "edit"): "draft",
    ("draft", "sign_park"): "offered",
    ("draft", "discard"): "discarded",
    ("offered", "recall"): "draft",
    ("offered", "dispute"): "disputed",
    ("offered", "sign_enterprise"): "signed",
    ("disputed", "edit"): "draft",
    ("disputed", "sign_park"): "offered",
    ("disputed", "discard"): "discarded",
}
STATES = ("draft", "offered", "disputed", "signed", "discarded")
ENTERPRISES = {"dispute", "sign_enterprise"}


def take(handover, step, who):
    told = {"handover_id": handover.pk, "now": NOW, "acting_user": who}
    if step == "edit":
        line = NewLine(handover.lines.first().span, Item.DESK, 7)
        return services.edit_handover(on=TODAY, note="", lines=[line], **told)
    if step.startswith("sign"):
        return services.sign_handover(signer="某人", expected_version=handover.version, **told)
    more = {"note": "少 2 把椅子"} if step == "dispute" else {}
    return getattr(services, f"{step}_handover")(**told, **more)


@pytest.fixture
def come_to(list_in, staff, firm):
    def make(state):
        if state in {"draft", "offered", "signed"}:
            return list_in(state)
        if state == "disputed":
            return take(list_in("offered"), "dispute", firm)
        return take(list_in("draft"), "discard", staff)

    return make


@pytest.mark.django_db
class TestTheTable:
    def test_of_these_tests_is_whole(self):
        assert {step for _state, step in ALLOWED} == set(HANDOVER_STEPS)
        assert set(STATES) == set(HandoverState.values)

    @pytest.mark.parametrize("state", STATES)
    def test_every_step_from_every_state(self, come_to, staff, firm, state):
        handover = come_to(state)
        before = Handover.objects.values().get(pk=handover.pk)
        lines = list(handover.lines.values())

        outcomes = {}
        for step in HANDOVER_STEPS:
            with undone():
                who = firm if step in ENTERPRISES else staff
                if (state, step) not in ALLOWED:
                    with pytest.raises(WrongState) as refusal:
                        take(handover, step, who)
                    assert refusal.value.extra == {"state": state}
                    assert Handover.objects.values().get(pk=handover.pk) == before
                    assert list(handover.lines.values()) == lines
                    continue
                take(handover, step, who)
                outcomes[state, step] = Handover.objects.get(pk=handover.pk).state

        assert outcomes == {pair: to for pair, to in ALLOWED.items() if pair[0] == state}

    @pytest.mark.parametrize("step", sorted(set(HANDOVER_STEPS) - {"sign_park", "sign_enterprise"}))
    def test_a_step_is_of_one_side_only(self, come_to, staff, firm, step):
        state = next(state for state, other in ALLOWED if other == step)

        with pytest.raises(Forbidden):
            take(come_to(state), step, staff if step in ENTERPRISES else firm)


@pytest.mark.django_db
class TestSigning:
    def test_keeps_name_account_and_moment_of_both(self, list_in, staff, firm):
        handover = list_in("signed")

        handover.refresh_from_db()
        park = (handover.park_signer, handover.park_signed_by, handover.park_signed_at)
        assert park == ("李涛", staff, NOW)
        theirs = (handover.firm_signer, handover.firm_signed_by, handover.firm_signed_at)
        assert theirs == ("周倩", firm, NOW)
        steps = list(handover.changes.order_by("pk").values_list("step", flat=True))
        assert steps == ["prepare", "sign_park", "sign_enterprise"]

    def test_may_carry_the_enterprises_remark(self, list_in, firm):
        handover = sign(list_in("offered"), firm, note="两把椅子稍有异响，已告知")

        assert handover.firm_note.startswith("两把")

    def test_wants_a_name(self, list_in, staff):
        with pytest.raises(Invalid) as refusal:
            sign(list_in(), staff, "  ")
        assert refusal.value.errors[0]["field"] == "signer"

    def test_wants_the_list_that_was_read(self, list_in, staff, firm):
        handover = list_in("offered")
        seen = handover.version
        take(handover, "recall", staff)
        handover.refresh_from_db()
        take(handover, "edit", staff)
        handover.refresh_from_db()
        sign(handover, staff)

        with pytest.raises(Stale):
            sign(handover, firm, expected_version=seen)

        handover.refresh_from_db()
        assert handover.state == "offered"

    def test_tells_the_other_side(self, list_in, staff, firm):
        handover = list_in("offered")
        assert {m.recipient for m in Message.objects.all()} == {firm}
        Message.objects.all().delete()

        sign(handover, firm)

        assert firm not in {m.recipient for m in Message.objects.all()}
        assert staff in {m.recipient for m in Message.objects.all()}

    def test_differences_take_the_parks_signature_away(self, list_in, staff, firm):
        handover = take(list_in("offered"), "dispute", firm)

        handover.refresh_from_db()
        assert (handover.state, handover.park_signer, handover.park_signed_at) == (
            *("disputed", "", None),
        )
        assert handover.changes.latest("pk").note == "少 2 把椅子"
        assert sign(handover, staff).state == "offered"

    def test_differences_are_said_in_words(self, list_in, firm):
        told = {"handover_id": list_in("offered").pk, "now": NOW, "acting_user": firm}
        with pytest.raises(Invalid):
            services.dispute_handover(note=" ", **told)


@pytest.mark.django_db
class TestFrozen:
    """By the database: whatever a program does, a signed list stays."""

    @pytest.mark.parametrize(
        "change",
        [
            lambda handover: Handover.objects.filter(pk=handover.pk).update(note="x"),
            lambda handover: Handover.objects.filter(pk=handover.pk).update(state="draft"),
            lambda handover: Handover.objects.filter(pk=handover.pk).update(version=99),
            lambda handover: Handover.objects.filter(pk=handover.pk)._raw_delete("default"),
            lambda handover: handover.lines.update(count=1),
            lambda handover: handover.lines.all().delete(),
            lambda handover: HandoverLine.objects.create(
                handover=handover,
                floor=handover.lines.first().floor,
                seats=handover.lines.first().seats,
                item="other",
                name="x",
                count=1,
            ),
            lambda handover: handover.changes.update(note="x"),
            lambda handover: handover.changes.all().delete(),
        ],
    )
    def test_once_both_have_signed(self, list_in, change):
        handover = list_in("signed")
        before = list(handover.lines.values()), Handover.objects.values().get(pk=handover.pk)

        with pytest.raises(DATABASE_REFUSES), transaction.atomic():
            change(handover)

        after = list(handover.lines.values()), Handover.objects.values().get(pk=handover.pk)
        assert after == before

    @pytest.mark.parametrize(
        "change",
        [
            lambda handover: Handover.objects.filter(pk=handover.pk).update(note="x"),
            lambda handover: Handover.objects.filter(pk=handover.pk).update(on="2024-01-01"),
            lambda handover: Handover.objects.filter(pk=handover.pk).update(park_signer="x"),
            lambda handover: handover.lines.update(count=1),
            lambda handover: handover.lines.first().delete(),
        ],
    )
    def test_while_the_enterprise_reads_it(self, list_in, change):
        handover = list_in("offered")

        with pytest.raises(DATABASE_REFUSES), transaction.atomic():
            change(handover)

    def test_lines_cannot_be_moved_to_a_list_that_is_signed(self, list_in, floor, staff):
        signed = list_in("signed")
        other = make_handover(make_allocation(floor, (60, 62), start=TODAY), park=staff)

        with pytest.raises(DATABASE_REFUSES), transaction.atomic():
            other.lines.update(handover=signed)

    def test_a_signature_needs_all_its_parts(self, list_in):
        handover = list_in("draft")

        with pytest.raises(Exception, match="signatures_as_its_state"), transaction.atomic():
            Handover.objects.filter(pk=handover.pk).update(state="signed")


@pytest.mark.django_db
class TestCorrecting:
    def test_is_a_new_list_that_says_which_it_replaces_and_why(self, list_in, staff, firm):
        first = list_in("signed")
        assert list(Handover.objects.counting()) == [first]

        second = make_handover(first.allocation, park=staff, replaces=first, reason="漏记 2 台电脑")

        assert (second.replaces, second.reason) == (first, "漏记 2 台电脑")
        assert list(Handover.objects.counting()) == [first]
        sign_both(second, staff, firm)
        assert list(Handover.objects.counting()) == [second]

    def test_wants_a_reason(self, list_in, staff):
        first = list_in("signed")
        with pytest.raises(Invalid) as refusal:
            make_handover(first.allocation, park=staff, replaces=first)
        assert refusal.value.errors[0]["field"] == "reason"

    def test_is_of_a_list_that_both_signed(self, list_in, staff):
        first = list_in("offered")
        with pytest.raises(WrongState):
            make_handover(first.allocation, park=staff, replaces=first, reason="x")

    def test_comes_once(self, list_in, staff):
        first = list_in("signed")
        second = make_handover(first.allocation, park=staff, replaces=first, reason="x")

        with pytest.raises(HandoverExists) as refusal:
            make_handover(first.allocation, park=staff, replaces=first, reason="y")

        assert refusal.value.extra == {"handover": second.pk}
        take(second, "discard", staff)
        make_handover(first.allocation, park=staff, replaces=first, reason="y")

    def test_is_the_only_way_to_a_second_list_of_the_same_seats(self, list_in, staff):
        first = list_in("signed")
        with pytest.raises(HandoverExists):
            make_handover(first.allocation, park=staff)
        other_way = make_handover(first.allocation, park=staff, direction=Direction.RETURN)
        assert other_way.is_return


@pytest.mark.django_db
def test_strangers_find_nothing_and_the_enterprise_nothing_that_was_put_away(
    come_to, stranger, staff, firm
):
    handover = come_to("draft")
    assert not Handover.objects.visible_to(stranger).exists()
    for who in (staff, firm, UserFactory(roles=[Role.AUDITOR])):
        assert Handover.objects.visible_to(who).get() == handover
    take(handover, "discard", staff)
    assert not Handover.objects.visible_to(firm).exists()
    assert Handover.objects.visible_to(staff).exists()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def offered(self):
        enterprise = EnterpriseFactory()
        allocation = make_allocation(make_floor(seats=20), (1, 10), to=enterprise, start=TODAY)
        staff = UserFactory(roles=[Role.OPERATOR_STAFF])
        return sign(make_handover(allocation, park=staff), staff), staff, enterprise

    def test_two_of_the_enterprise_sign_and_one_of_them_has(self, offered):
        handover, _staff, enterprise = offered
        people = [make_member(enterprise) for _ in range(2)]

        results = together(*(lambda who=who: sign(handover, who, who.name) for who in people))

        refused = [one for one in results if isinstance(one, WrongState)]
        assert len(refused) == 1, results
        handover.refresh_from_db()
        assert handover.firm_signed_by in people
        assert handover.changes.filter(step="sign_enterprise").count() == 1

    def test_the_enterprise_signs_while_the_park_takes_its_signature_back(self, offered):
        handover, staff, enterprise = offered
        who = make_member(enterprise)

        results = together(
            lambda: sign(handover, who),
            lambda: take(handover, "recall", staff),
        )

        refused = [one for one in results if isinstance(one, (WrongState, Stale))]
        assert len(refused) == 1, results
        handover.refresh_from_db()
        assert handover.state in {"signed", "draft"}
        assert (handover.firm_signed_at is None) is (handover.state == "draft")

    def test_two_prepare_a_list_for_the_same_seats_and_there_is_one(self, offered):
        handover, staff, _enterprise = offered
        connection.close()

        results = together(
            *(
                lambda: make_handover(handover.allocation, park=staff, direction=Direction.RETURN)
                for _ in range(2)
            )
        )

        assert sum(isinstance(one, HandoverExists) for one in results) == 1, results
        assert Handover.objects.filter(direction=Direction.RETURN).count() == 1
