"""Simplified Chinese first, English complete: the switch, and each role's work in English."""

import re
from decimal import Decimal
from functools import partial

import pytest

from foundation.models import Message
from returns.models import ReturnRevision
from tests.journeys.conftest import PASSWORD
from tests.journeys.counting import count
from tests.journeys.steps import in_days, months_ago, types_all, whole

DOORS = {
    "operator": ["Today", "Seats", "Requests", "Enterprises", "Returns", "Reports", "Indicators"],
    "official": ["Today", "Reports", "Indicators", "Quoted figures"],
    "auditor": ["Seats", "Requests", "Enterprises", "Returns", "Reports", "Audit trail"],
    "admin": ["Today", "People", "Settings", "Outbox"],
}
RETURN = {
    "Revenue of the month": "512.40",
    "Joined in the month": 3,
    "Left in the month": 3,
    "Same province": 25,
    "Elsewhere": 9,
}


@pytest.fixture
def speak_english(enter):
    return partial(enter, language="en")


def test_the_language_that_was_chosen_stays(somebody):
    member = somebody()
    member.opens("/")
    switches(member, "English", "en")
    types_all(member, {"Email address or mobile phone": "member@xiyuan.example"})
    member.types("Password", PASSWORD)
    member.presses("Sign in")
    member.sees("Our seats")
    switches(member, "中文", "zh-hans")
    member.sees("我们的席位")
    switches(member, "English", "en")

    elsewhere = somebody()
    elsewhere.opens("/")
    elsewhere.fills(邮箱或手机号="member@xiyuan.example", 密码=PASSWORD)
    elsewhere.look = elsewhere.look._replace(language="en")
    elsewhere.presses("登录")
    elsewhere.sees("Our seats")
    switches(elsewhere, "中文", "zh-hans")


def switches(person, button, language):
    person.look = person.look._replace(language=language)
    person.presses(button)


@pytest.mark.parametrize("name", DOORS)
def test_every_room_speaks_english(speak_english, name):
    person = speak_english(name)
    for door in DOORS[name]:
        if "/admin/" in person.path():
            person.follows("View site")
        person.goes_to(door)


def test_seats_are_asked_for_and_given_in_english(speak_english):
    start = in_days(150)
    enterprise, operator = speak_english("honglian"), speak_english("operator")
    enterprise.goes_to("Requests")
    enterprise.follows("Ask for seats")
    types_all(enterprise, {"Number of seats": 0, "From which day": start})
    enterprise.ticks("Zone D")
    enterprise.presses("Submit to the park")
    enterprise.sees("Ask for at least 1 seat.", within=enterprise.beside("Number of seats"))
    enterprise.types("Number of seats", 75)
    enterprise.presses("Submit to the park")
    enterprise.sees("Submitted. The park has it now.")
    enterprise.reads_fact("With whom", "The park; nobody has taken it up yet")

    operator.goes_to("Requests")
    operator.follows("鸿联九五: 75 new seats")
    operator.presses("Take it up")
    before = count(start, "D-").firm
    operator.presses("Approve 75 seats")
    operator.sees("Approved: 鸿联九五 has 75 seats more.")
    assert count(start, "D-").firm == before + 75
    enterprise.opens(enterprise.path())
    enterprise.sees("The seats are the enterprise's. Nothing follows.")


def test_a_month_is_filed_and_accepted_in_english(speak_english):
    enterprise, operator = speak_english("mairui"), speak_english("operator")
    enterprise.goes_to("Returns")
    enterprise.presses(re.compile("^File"))
    opening = enterprise.page.get_by_label("Staff at the start of the month").input_value()
    people = whole(opening)
    types_all(enterprise, RETURN | {"This city": people - 34, "Elsewhere": 8})
    enterprise.finds_typed({"Staff at the end of the month": opening})
    enterprise.sees("1 to go")
    enterprise.presses("Check and submit")
    enterprise.sees(f"These must add up to {people:,}; 1 are missing.")
    enterprise.types("Elsewhere", 9)
    enterprise.presses("Check and submit")
    enterprise.presses("Submit the return")
    enterprise.sees("Revision 1, signed by 吴静")

    operator.opens(enterprise.path())
    operator.presses("Accept revision 1")
    operator.sees("was accepted.")


def test_a_report_is_made_issued_and_read_in_english(speak_english):
    month, operator, official = months_ago(12), speak_english("operator"), speak_english("official")
    operator.goes_to("Reports")
    operator.chooses("Report", "Output report")
    operator.types("Month", f"{month:%Y-%m}")
    operator.presses("Make the draft")
    operator.reads_title("The work is done")
    operator.looks()
    operator.follows("Look at the draft")
    operator.follows("Issue edition 1")
    operator.presses("Issue edition 1")
    operator.sees("Issued. Officials can read it from now on.")

    official.opens(operator.path())
    filed = ReturnRevision.objects.filter(monthly_return__month=month)
    revenue = sum(row.revenue for row in filed)
    official.turns_to(f"{revenue / 10_000:,.2f}", within=official.row("Total"))
    *rows, _total = official.page.locator("#rows tbody td").all_inner_texts()
    assert sum(Decimal(row.replace(",", "")) for row in rows) * 10_000 == revenue
    official.sees("Adds up to the figure in the table.")


def test_an_enterprise_is_added_and_its_person_invited_in_english(speak_english, somebody):
    operator = speak_english("operator")
    operator.goes_to("Enterprises")
    operator.follows("Add an enterprise")
    operator.types("Unified social credit code", "91511011MA7WEG003A")
    operator.presses("Add the enterprise")
    operator.sees("The last character does not match the others.")
    operator.types("Unified social credit code", "91511011MA7WEG003K")
    operator.types("Full name, as on the licence", "内江双苏桥语音有限公司")
    operator.types("Short name", "双苏桥语音")
    operator.presses("Add the enterprise")
    operator.reads_title("双苏桥语音 has no seats today")
    operator.follows("Edit")
    operator.presses("Save the changes")
    operator.follows("Invite somebody")
    operator.fills(Name="Ada Wong")
    operator.types("E-mail address", "ada@example.com")
    operator.presses("Send the invitation")
    operator.sees("The invitation goes to ada@example.com.")

    link = Message.objects.get(address="ada@example.com").url
    ada = somebody(language="en")
    ada.opens(link)
    for label in ("Choose a password", "The password again"):
        ada.types(label, "lights-on-the-river")
    ada.presses("Accept and sign in")
    ada.sees("You have no seats yet.")
