"""People who use the whole product: in a browser, on the sample park, with a worker that works."""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import Browser, sync_playwright

from accounts.models import User
from foundation import clock
from reports.models import MonthlyReport, ReportKind
from reports.services import issue_report
from reports.services.building import build_report
from sample.loading import load_sample
from tests.journeys.looking import AXE, Look
from tests.journeys.person import WIDE, Person
from tests.journeys.servers import Product

PASSWORD = "tests-only-2026"
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
CHROMIUM = os.environ.get("XIYUAN_CHROMIUM", "/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database of all journeys: the sample park, loaded once, and what people make of it.

    It is committed, for the servers to see, and gone at the end. Its 28 reports are not asked for.
    """
    # Playwright keeps a loop in this thread, which Django takes for an asynchronous caller.
    with (
        mock.patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="1"),
        django_db_blocker.unblock(),
    ):
        assert connection.settings_dict["NAME"].startswith("test_")
        with mock.patch("sample.loading.enqueue"):
            load_sample(password=PASSWORD, now=clock.now())
        call_command("createcachetable", verbosity=0)
        yield
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)


@pytest.fixture(scope="package")
def product(db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product as it runs."""
    product = Product(tmp_path_factory.mktemp("product"))
    try:
        product.start()
        yield product
    finally:
        product.stop()


@pytest.fixture(scope="package")
def issued(db: None) -> dict[str, MonthlyReport]:
    """What officials have to read: both reports of a month long over, by their kind."""
    return {kind: issue(kind, date(2022, 11, 1)) for kind in ReportKind}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        connections.close_all()  # Django gave this thread others while Playwright's loop ran
        browser.close()


@pytest.fixture(scope="package")
def sit_down(product: Product, browser: Browser) -> Callable[..., Person]:
    """Give somebody a window of their own, wide or narrow, with scripts or without."""

    def sit_down(
        *, width: int = WIDE, has_scripts: bool = True, language: str = "zh-hans", **options: object
    ) -> Person:
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width == WIDE else 844},
            locale=LOCALES[language],
            java_script_enabled=has_scripts,
            **options,
        )
        context.add_init_script(AXE)
        return Person(context, product.address, Look(width, language, has_scripts))

    return sit_down


@pytest.fixture(scope="package")
def windows() -> dict[tuple[object, ...], Person]:
    """The windows of the sample's people, who leave them open for the next journey."""
    return {}


@pytest.fixture
def somebody(
    sit_down: Callable[..., Person], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Person]]:
    """Let somebody come who is not signed in, and goes when the journey ends."""
    people: list[Person] = []
    request.node.people = people

    def come(**options: object) -> Person:
        people.append(sit_down(**options))
        return people[-1]

    yield come
    for person in people:
        person.context.close()


@pytest.fixture
def enter(
    sit_down: Callable[..., Person],
    windows: dict[tuple[object, ...], Person],
    request: pytest.FixtureRequest,
) -> Callable[..., Person]:
    """Let somebody of the sample come in, by the name before their @; signed in once."""
    request.node.known = []

    def come_in(name: str, **options: object) -> Person:
        if (name,) not in windows:
            windows[name,] = sit_down()
            sign_in(windows[name,], f"{name}@xiyuan.example", PASSWORD)
        window = (name, *sorted(options.items()))
        if window not in windows:
            session = windows[name,].context.storage_state()
            windows[window] = sit_down(storage_state=session, **options)
        request.node.known.append(windows[window])
        return windows[window]

    return come_in


def issue(kind: str, month: date) -> MonthlyReport:
    """Have a report made and issued, without a browser or a worker."""
    operator = User.objects.get(email="operator@xiyuan.example")
    draft = build_report(kind=ReportKind(kind), month=month, now=clock.now(), owner=operator)
    return issue_report(report_id=draft.pk, now=clock.now(), acting_user=operator)


def sign_in(person: Person, email: str, password: str) -> None:
    """Sign in on the first page that one sees."""
    person.opens("/")
    person.types("邮箱或手机号", email)
    person.types("密码", password)
    person.presses("登录")
    assert person.path() == "/", "not signed in"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):  # type: ignore[no-untyped-def]
    """Where a journey fails, keep what its people saw."""
    report = yield
    if report.failed and report.when == "call":
        for person in [*getattr(item, "people", []), *getattr(item, "known", [])]:
            report.sections.append(("what somebody saw", _keep(item.name, person)))
    return report


def _keep(name: str, person: Person) -> str:
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-".replace("/", "-")[:60]))
    page = person.page
    (folder / "page.html").write_text(page.content())
    page.screenshot(path=folder / "page.png", full_page=True)
    return f"{page.url}\n{folder}/page.png\n{folder}/page.html"
