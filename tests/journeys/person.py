"""Somebody in front of a browser. They click what is written there, and see what comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Response, expect

from tests.journeys.looking import Look, faults_of

PATIENCE = 10_000  # milliseconds until what should be on the page is there
WIDE, NARROW = 1440, 390
AT_REST = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
NO_ANSWER = "Failed to load resource"


class Person:
    """One person with one window. Every page they come to is looked at: `looking.faults_of`."""

    def __init__(self, context: BrowserContext, address: str, look: Look) -> None:
        self.context, self.address, self.look = context, address, look
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self._comes_to: list[Response] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def opens(self, address: str, *, status: int = 200) -> None:
        """Type an address."""
        self._arrives(lambda: self.page.goto(self.address + address), status)

    def goes_to(self, room: str) -> None:
        """Take a door of the bar, on a phone of its menu; where there is none, from the start."""
        bar, menu = self.page.locator(".x-nav"), self.page.locator(".x-menu")
        if bar.count() == 0:
            self.opens("/")
        if self.look.width == NARROW:
            menu.locator("summary").click()
            bar = menu.locator("nav")
        self._clicks(bar.get_by_role("link", name=room, exact=True), 200)

    def follows(
        self, link: str | re.Pattern[str], *, within: Locator | None = None, status: int = 200
    ) -> None:
        """Click the link that says so, and come to its page."""
        self._clicks((within or self.page).get_by_role("link", name=link), status)

    def turns_to(self, link: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Click the link that says so; it changes a part of this page, and its address."""
        with self.page.expect_navigation(timeout=PATIENCE):
            (within or self.page).get_by_role("link", name=link).click()
        self.page.wait_for_function(AT_REST)
        self.looks()

    def presses(
        self, button: str | re.Pattern[str], *, within: Locator | None = None, status: int = 200
    ) -> None:
        """Press the button that says so, and come to the page that answers."""
        self._clicks((within or self.page).get_by_role("button", name=button), status)

    def downloads(self, link: str | re.Pattern[str]) -> bytes:
        """Click the link that says so, and get its file."""
        with self.page.expect_download() as arrival:
            self.page.get_by_role("link", name=link).click()
        return Path(arrival.value.path()).read_bytes()

    def fills(self, **entries: object) -> None:
        """Type into the entries with these labels (`_` for what no name can hold)."""
        for label, value in entries.items():
            self.types(label, value)

    def types(self, label: str, value: object) -> None:
        """Type into the entry with this label."""
        self._entry(label).fill(str(value))

    def hands_in(self, label: str, name: str, content: bytes) -> None:
        """Choose a file for the entry with this label."""
        self._entry(label).set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )

    def chooses(self, label: str, option: str) -> None:
        """Choose from a list."""
        self._entry(label).select_option(label=option)

    def ticks(self, label: str) -> None:
        """Tick a box or a round button."""
        self._entry(label).check()

    def sees(self, *words: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Every one of these stands on the page."""
        for word in words:
            found = (within or self.page).get_by_text(word).filter(visible=True)
            expect(found.first).to_be_visible(timeout=PATIENCE)

    def sees_no(self, *words: str | re.Pattern[str]) -> None:
        """None of these stands on the page."""
        for word in words:
            expect(self.page.get_by_text(word).filter(visible=True)).to_have_count(0)

    def reads_title(self, title: str | re.Pattern[str]) -> None:
        """This is what the page says first."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title, timeout=PATIENCE)

    def reads_fact(self, label: str, said: str | re.Pattern[str]) -> None:
        """A list of facts says this of that."""
        fact = self.page.locator("dt", has_text=re.compile(f"^{label}$")).locator("+ dd")
        expect(fact).to_have_text(said, timeout=PATIENCE)

    def section(self, head: str) -> Locator:
        """The part of the page below this head."""
        heading = self.page.get_by_role("heading", name=head, level=2, exact=True)
        return self.page.locator("section.x-sec, .x-sheet").filter(has=heading)

    def group(self, name: str) -> Locator:
        """The entries that belong together under this name."""
        return self.page.get_by_role("group", name=name)

    def row(self, *words: str) -> Locator:
        """The row or item that says all of this."""
        rows = self.page.locator("tr, .x-list > li")
        for word in words:
            rows = rows.filter(has_text=word)
        return rows

    def finds_typed(self, entries: dict[str, object]) -> None:
        """What was typed stands in the entries with these labels."""
        for label, value in entries.items():
            expect(self._entry(label)).to_have_value(str(value), timeout=PATIENCE)

    def line(self, head: str) -> list[str]:
        """What the row of a table with this head says, cell by cell."""
        heads = self.page.get_by_role("rowheader", name=head, exact=True)
        row = self.page.locator("tr").filter(has=heads)
        return [" ".join(cell.split()) for cell in row.locator("td").all_inner_texts()]

    def beside(self, label: str) -> Locator:
        """What stands under the entry with this label."""
        return self.page.locator(".x-field").filter(has=self._entry(label))

    def path(self) -> str:
        """Where this person is."""
        return urlsplit(self.page.url).path

    def looks(self, *, allowed: str = "") -> None:
        """Look at the page as it is now. Fails with everything that is wrong with it."""
        faults = [*faults_of(self.page, self.look), *self._new_complaints(allowed)]
        assert not faults, "\n".join([f"{self.page.url} at {self.look.width} px:", *faults])

    @contextmanager
    def coming_to(self, status: int = 200) -> Iterator[None]:
        """Whatever is done inside leads to a page, which is looked at."""
        with self.page.expect_navigation(timeout=PATIENCE) as arrival:
            yield
        self._stands_on(arrival.value, status)

    @contextmanager
    def narrowed(self) -> Iterator[None]:
        """A phone held upright, for a while: others find the window as wide as it was."""
        wide = self.page.viewport_size
        self.page.set_viewport_size({"width": NARROW, "height": 844})
        try:
            yield
        finally:
            self.page.set_viewport_size(wide)

    def _entry(self, label: str) -> Locator:
        entries = self.page.locator("input, select, textarea")
        return entries.and_(self.page.get_by_label(label, exact=True)).first

    def _clicks(self, target: Locator, status: int) -> None:
        with self.coming_to(status):
            target.click()

    def _arrives(self, go: Callable[[], Response | None], status: int) -> None:
        self._stands_on(go(), status)

    def _stands_on(self, response: Response | None, status: int) -> None:
        assert response is not None
        assert response.status == status, f"{response.status} from {response.url}"
        self.looks(allowed=self.page.url if status >= 400 else "")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.location["url"]
            self.complaints.append(f"console: {message.text} ({where})")

    def _new_complaints(self, allowed: str) -> list[str]:
        """What the browser complained of since; that an answer was a refusal is no complaint."""
        heard, self.complaints = self.complaints, []
        return [
            one for one in heard if not (allowed and NO_ANSWER in one and f"({allowed})" in one)
        ]
