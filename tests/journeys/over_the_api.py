"""The main job over the API of a product that runs, however it was started.

    python -m tests.journeys.over_the_api https://park.example.com TOKEN TOKEN TOKEN

The tokens are those of an operator manager, an enterprise's manager and an official of the sample
park (`manage.py api_token EMAIL`). For a trial, never beside real data: it leaves an enterprise,
requests and an issued report behind.
"""

from __future__ import annotations

import http.client
import json
import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from stdnum.cn import uscc

PATIENCE = 120  # seconds until a report is made
SEATS = 30


class Answer(NamedTuple):
    """What came back: its status, its bytes, and these read as JSON where they are."""

    status: int
    data: bytes
    headers: http.client.HTTPMessage

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Caller:
    """A program with somebody's token."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = urlsplit(address), token

    def get(self, path: str, *, status: int = 200) -> Answer:
        return self._ask("GET", path, None, {}, status)

    def post(self, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Answer:
        return self._ask("POST", path, body, headers, status)

    def patch(self, path: str, body: Any, *, status: int = 200) -> Answer:
        return self._ask("PATCH", path, body, {}, status)

    def try_post(self, path: str, body: Any) -> Answer:
        """Post, whatever comes of it."""
        return self._ask("POST", path, body, {}, None)

    def _ask(
        self, method: str, path: str, body: Any, headers: dict[str, str], status: int | None
    ) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named |= {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        is_whole = path.startswith("http")
        target = urlsplit(path).path if is_whole else f"/api/v1/{path}"
        with closing(self._connection()) as connection:
            connection.request(method, target, json.dumps(body) if body else None, named)
            response = connection.getresponse()
            answer = Answer(response.status, response.read(), response.headers)
        assert status in {None, answer.status}, (method, target, answer.status, answer.data[:500])
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        is_tls = self._address.scheme == "https"
        kind = http.client.HTTPSConnection if is_tls else http.client.HTTPConnection
        return kind(str(self._address.hostname), self._address.port, timeout=60)


class Journey:
    """Points 3 to 8 of the main job, one after the other, on a day for which seats are free."""

    def __init__(self, park: Caller, firm: Caller, official: Caller, today: date) -> None:
        self.park, self.firm, self.official, self.today = park, firm, official, today
        self.start = today + timedelta(days=30)

    def walk(self) -> None:
        """All of it. Raises AssertionError where the product does something else."""
        run = self.sees_free_seats()
        allocation = self.two_ask_and_one_gets(run)
        self.gives_back(allocation)
        self.files_a_return(self.adds_an_enterprise())
        self.refuses_nonsense()
        self.reads_the_report(self.makes_a_report())

    def sees_free_seats(self) -> dict[str, Any]:
        """The place adds up, and the longest run of zone C that is free from the start on."""
        floors = _every(self.park, "floors/?zone=C")
        zone = next(zone for zone in _every(self.park, "zones/") if zone["code"] == "C")
        assert zone["seats"] == sum(floor["seats"] for floor in floors)
        assert zone["free_today"] == sum(floor["free_today"] for floor in floors)
        runs = self.park.get(f"free-runs/?start={self.start}&zone=C&min_seats={SEATS}").json["rows"]
        assert [run["length"] for run in runs] == sorted(
            (run["last_seat"] - run["first_seat"] + 1 for run in runs), reverse=True
        )
        return runs[0]

    def two_ask_and_one_gets(self, run: dict[str, Any]) -> dict[str, Any]:
        """Two requests for the same run are approved at once: one has it, one is told by whom."""
        before = self._firm_in_c()
        block = {
            "first_seat": run["first_seat"],
            "last_seat": run["first_seat"] + SEATS - 1,
            "start": self.start.isoformat(),
        }
        requests = [self._asks() for _ in range(2)]
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda one: self._approves(one, block), requests))
        won = next(answer for answer in answers if answer.status == http.HTTPStatus.OK)
        lost = next(answer for answer in answers if answer.status != http.HTTPStatus.OK)
        assert (lost.status, lost.json["code"]) == (409, "seats_taken")
        (rival,) = lost.json["conflicts"]
        assert (rival["first_seat"], rival["last_seat"]) == (
            block["first_seat"],
            block["last_seat"],
        )
        assert rival["held_by"] == won.json["enterprise_name"]
        assert won.json["state"] == "fulfilled"
        assert self._firm_in_c() == before + SEATS
        loser = next(one for one in requests if one != won.json["id"])
        self.park.post(f"seat-requests/{loser}/reject/", {"note": "席位已给了另一份申请。"})
        return won.json["allocation"]

    def gives_back(self, allocation: dict[str, Any]) -> None:
        """The seats are free again from a day on; what was before stays."""
        later = (self.start + timedelta(days=10)).isoformat()
        left = self.park.post(f"allocations/{allocation['id']}/release/", {"start": later}).json
        assert [block["end"] for block in left["blocks"]] == [
            (self.start + timedelta(days=9)).isoformat()
        ]

    def adds_an_enterprise(self) -> int:
        """A new enterprise, once though it is sent twice, with a seat for today."""
        new = {"credit_code": _credit_code(), "name": f"接口样例 {secrets.token_hex(4)}"}
        key = secrets.token_hex(8)
        first = self.park.post("enterprises/", new, status=201, Idempotency_Key=key).json
        again = self.park.post("enterprises/", new, status=201, Idempotency_Key=key).json
        assert again["id"] == first["id"]
        twin = self.park.post("enterprises/", new, status=400).json["errors"][0]
        assert (twin["field"], twin["code"]) == ("credit_code", "duplicate")
        day = self.today.isoformat()
        free = self.park.get(f"free-runs/?start={day}&end={day}&zone=C").json["rows"][0]
        block = dict.fromkeys(("first_seat", "last_seat"), free["last_seat"])
        block |= {"start": day, "end": day}
        firm = {"enterprise": first["id"], "kind": "firm", "blocks": [block]}
        self.park.post("allocations/", firm, status=201)
        assert self.park.get(f"enterprises/{first['id']}/").json["state"] == "tenant"
        return first["id"]

    def files_a_return(self, enterprise: int) -> None:
        """The park files this month for it: draft, figures, signature, accepted."""
        new = {"enterprise": enterprise, "month": f"{self.today:%Y-%m}", "revenue": 1234.5}
        draft = self.park.post("returns/", new, status=201).json
        people = {"headcount": 3, "joined": 3, "left": 0}
        self.park.patch(f"returns/{draft['id']}/", people)
        self.park.post(f"returns/{draft['id']}/submit/", {"signer": "李娜"})
        accepted = self.park.post(f"returns/{draft['id']}/accept/").json
        assert (accepted["state"], accepted["headcount"], accepted["revenue"]) == (
            "accepted",
            3,
            1234.5,
        )
        self.firm.get(f"returns/{draft['id']}/", status=404)

    def refuses_nonsense(self) -> None:
        """Bad input is named, with a code that stays."""
        wish = {"kind": "new", "start": self.start.isoformat()}
        self.firm.post("seat-requests/", {**wish, "seats": 0}, status=400)
        self.firm.post("seat-requests/", {**wish, "seats": 10_000_000}, status=400)
        ended = {**wish, "seats": 5, "end": self.today.isoformat()}
        self.firm.post("seat-requests/", ended, status=400)
        future = {"kind": "output", "month": "2199-01"}
        problem = self.park.post("reports/", future, status=400)
        assert problem.headers["Content-Type"].startswith("application/problem+json")

    def makes_a_report(self) -> dict[str, Any]:
        """The worker makes last month's occupancy report; nobody else sees the draft."""
        last = self.today.replace(day=1) - timedelta(days=1)
        wanted = {"kind": "occupancy", "month": f"{last:%Y-%m}"}
        job = self.park.post("reports/", wanted, status=202).json["job"]
        deadline = time.monotonic() + PATIENCE
        while (state := self.park.get(f"jobs/{job}/").json)["state"] in {"queued", "running"}:
            assert time.monotonic() < deadline, state
            time.sleep(0.2)
        assert state["state"] == "done", state
        report = self.park.get(f"reports/{state['result']['report']}/").json
        assert report["state"] == "draft"
        self.official.get(f"reports/{report['id']}/", status=404)
        return report

    def reads_the_report(self, report: dict[str, Any]) -> None:
        """Issued, the official reads it; each file is the one that was sealed."""
        self.park.post(f"reports/{report['id']}/issue/", {"reason": "接口样例"})
        issued = self.official.get(f"reports/{report['id']}/").json
        assert issued["state"] == "issued"
        for form, address in issued["files"].items():
            content = self.official.get(address).data
            assert sha256(content).hexdigest() == issued["sha256"][form]
        assert {report["state"] for report in _every(self.official, "reports/")} <= {
            "issued",
            "restated",
        }

    def _asks(self) -> int:
        wish = {"kind": "expand", "seats": SEATS, "start": self.start.isoformat(), "zones": ["C"]}
        draft = self.firm.post("seat-requests/", wish, status=201).json
        sent = self.firm.post(f"seat-requests/{draft['id']}/submit/").json
        assert (sent["state"], sent["owner"]["party"]) == ("submitted", "park")
        return sent["id"]

    def _approves(self, request: int, block: dict[str, Any]) -> Answer:
        return self.park.try_post(f"seat-requests/{request}/approve/", {"blocks": [block]})

    def _firm_in_c(self) -> int:
        rows = self.park.get(f"occupancy/?on={self.start}&by=zone").json["rows"]
        return next(row["firm"] for row in rows if row["key"] == "C")


def _every(caller: Caller, path: str) -> list[dict[str, Any]]:
    """A list's rows, page by page."""
    rows: list[dict[str, Any]] = []
    following: str | None = f"{path}{'&' if '?' in path else '?'}page_size=1000"
    while following:
        page = caller.get(following).json
        rows += page["results"]
        following = page["next"] and page["next"].partition("/api/v1/")[2]
    return rows


def _credit_code() -> str:
    """A code that is nobody's: of Dongxing, with a right check digit."""
    digits = "".join(secrets.choice("0123456789") for _ in range(7))
    number = f"91511011MA{digits}"
    return number + uscc.calc_check_digit(number)


def main() -> None:
    """Walk it, and say so."""
    address, park, firm, official = sys.argv[1:]
    callers = [Caller(address, token) for token in (park, firm, official)]
    Journey(*callers, today=date.today()).walk()  # noqa: DTZ011 - of this machine, near enough
    print("The main job passes over the API.")  # noqa: T201


if __name__ == "__main__":
    main()
