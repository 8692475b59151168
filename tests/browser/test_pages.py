"""Every page in both themes: axe without findings, nothing sticks out, charts as they should be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.support import HEIGHT, Log, SignIn, excess, findings
from tests.cast import Cast
from tests.plans import lock, rank
from tracker.actions import comments, funding, initiatives, periods
from tracker.actions.invitations import invite
from tracker.domain.calendar import PeriodKind, period_of
from tracker.domain.funding import Manner, Source
from tracker.domain.lifecycle import Status
from tracker.models import (
    Cycle,
    Funding,
    Holiday,
    ImportBatch,
    Initiative,
    Label,
    Membership,
    Organisation,
    Plan,
    PlanItem,
    Role,
)
from tracker.urls import urlpatterns

pytestmark = pytest.mark.browser

SHEET = b"Title,Status,Done on\nOne,done,03/04/2026\nTwo,idea,\n"

# Addresses that are no page: what only takes a POST, a file, or a fragment for htmx.
NO_PAGES = {
    "comment_add",
    "comment_delete",
    "cycle_delete",
    "home",
    "import_apply",
    "import_drop",
    "import_undo",
    "initiative_delete",
    "initiative_funding_delete",
    "initiative_history_restore",
    "initiative_restore",
    "initiative_row",
    "initiative_segment_delete",
    "initiatives_bulk",
    "initiatives_export",
    "markdown_preview",
    "period_close",
    "plan_begin",
    "plan_item_move",
    "plan_item_remove",
    "plan_now",
    "report_markdown",
    "team_holiday_add",
    "team_holiday_delete",
    "team_invitation_revoke",
    "team_invite",
    "team_member",
}
APART = {"setup"}  # it shows only where nothing is installed: a test of its own

CHART = """() => {
    const bar = document.querySelector(".modebar");
    const svg = document.querySelector(".js-plotly-plot .main-svg");
    const sheet = document.getElementById("plotly.js-style-global")?.sheet;
    const faults = [];
    if (!sheet || !sheet.cssRules.length) faults.push("plotly.css is not there");
    if (svg && getComputedStyle(svg).position !== "absolute") faults.push("layers are stacked");
    if (bar && bar.offsetParent && getComputedStyle(bar).position !== "absolute")
        faults.push("the modebar takes room");
    if (/share chart|cloud/i.test([...document.querySelectorAll(".modebar-btn")]
        .map((button) => button.dataset.title).join())) faults.push("a share button");
    return faults;
}"""


@dataclass(frozen=True, slots=True)
class Screen:
    """A page as somebody of the cast sees it."""

    role: str
    path: str
    status: int = 200


@pytest.fixture
def furnished(cast: Cast, log: Log) -> Initiative:
    """Give every screen something to show, and return the initiative that has it all."""
    today = cast.org.today()
    cast.platform.working_weekdays = 127
    cast.platform.save()
    Holiday.objects.create(team=cast.platform, day=today.replace(month=1, day=1), name="New Year")
    log("Nobody has said what this is")
    log("Planned from the start", origin="planned", pd=15, status=Status.ACTIVE, today=today)
    found: Initiative = log(
        "Stop duplicate webhooks",
        origin="opportunistic",
        need="dire-need",
        trigger="incident",
        reason="Customers were billed twice.",
        pd=4,
        status=Status.ACTIVE,
        today=today,
        owner=cast.member,
        description="# Why\n\n*Twice* is [too often](https://example.org).",
    )
    initiatives.relabel(by=cast.member, pk=found.pk, add=["billing", "urgent"])
    comments.add(by=cast.member, initiative=found, body="Seen **again**.", creation_key=uuid4())
    invite(by=cast.lead, team=cast.platform, email="new@example.org", role=Role.MEMBER)
    found.refresh_from_db()
    return found


def open_pages(cast: Cast, it: Initiative) -> list[Screen]:
    _, token = invite(by=cast.lead, team=cast.platform, email="y@example.org", role=Role.MEMBER)
    paths = [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-a-b/",
        f"/invitations/{token}/",
    ]
    return [Screen("anonymous", path) for path in paths]


def work_pages(cast: Cast, it: Initiative) -> list[Screen]:
    """Return the pages of the list and of one initiative, as a member sees them."""
    own = f"/initiatives/{it.key}/"
    segment, comment = it.segments.get(), it.comments.get()
    paths = [
        "/initiatives/",
        "/initiatives/?team=platform",
        "/initiatives/?team=platform&origin=opportunistic&status=active&q=webhooks",
        "/initiatives/?team=platform&q=nothing-like-it",
        "/initiatives/add/?team=platform",
        *(f"{own}cell/{field}/" for field in ("title", "origin", "status", "estimate", "owner")),
        own,
        *(f"{own}field/{field}/" for field in ("origin", "description", "labels")),
        *(f"{own}turn/{verb}/" for verb in ("pause", "deliver", "cancel")),
        f"{own}segments/",
        f"{own}segments/{segment.pk}/",
        f"{own}comments/{comment.pk}/",
        "/search/?q=webhooks",
        "/search/",
        "/imports/",
        "/imports/new/",
    ]
    return [Screen("member", path) for path in paths]


def figure_pages(cast: Cast, it: Initiative) -> list[Screen]:
    month = period_of(cast.org.today(), PeriodKind.MONTH, cast.org.fiscal)
    periods.close(by=cast.lead, team=cast.platform, period=month, closed_on=month.end)
    paths = [
        "/teams/platform/reports/",
        f"/teams/platform/reports/{month.slug}/",
        "/teams/platform/?known=2026-04-08",
        "/portfolio/?as=reported",
        "/teams/platform/",
        "/teams/platform/?weight=count&measure=delivered",
        "/teams/platform/behind/",
        "/portfolio/",
    ]
    return [
        *(Screen("viewer", path) for path in paths),
        Screen("group_lead", "/portfolio/"),
        Screen("group_lead", "/teams/engineering/"),
        Screen("group_lead", "/teams/checkout/"),
        Screen("lead", "/teams/platform/reports/"),
        Screen("viewer", "/initiatives/?team=platform"),
        Screen("viewer", "/admin/", 403),
        Screen("stranger", "/initiatives/"),
        Screen("stranger", "/portfolio/"),
        Screen("stranger", "/teams/platform/", 404),
        Screen("stranger", "/nowhere/", 404),
    ]


def upload(cast: Cast, content: bytes) -> int:
    """Leave a file waiting to be imported and return its number."""
    client = Client()
    client.force_login(cast.lead)
    file = SimpleUploadedFile("ideas.csv", content)
    client.post("/imports/new/", {"team": "platform", "file": file})
    return ImportBatch.objects.latest("pk").pk


def origin_pages(cast: Cast, it: Initiative) -> list[Screen]:
    """Return the pages about origins in a cycle that a lock opened, before most was logged."""
    today = cast.org.today()
    year = {"starts_on": today.replace(month=1, day=1), "ends_before": date(today.year + 1, 1, 1)}
    cycle, _ = Cycle.objects.get_or_create(slug="this-year", defaults={"name": "This year"} | year)
    plan, is_new = Plan.objects.get_or_create(team=cast.platform, cycle=cycle)
    if is_new:
        rank(plan, Initiative.objects.get(title="Planned from the start"))
        lock(plan, cast, on=cycle.starts_on)
        initiatives.log(
            by=cast.member, team=cast.platform, today=today, title="Late", origin="planned"
        )
    address = "/teams/platform/plan/this-year/origins/"
    return [
        Screen("viewer", address),
        Screen("member", address),
        Screen("member", f"/initiatives/{it.key}/origin/this-year/"),
        Screen("member", f"/initiatives/{it.key}/split/"),
        Screen("member", f"/initiatives/{it.key}/merge/"),
        Screen("viewer", f"/initiatives/{it.key}/"),
    ]


def plan_pages(cast: Cast, it: Initiative) -> list[Screen]:
    """Return the pages of a plan and of cycles, for who reads and who writes them."""
    origin_pages(cast, it)
    address = "/teams/platform/plan/this-year/"
    item = PlanItem.objects.get(initiative__title="Planned from the start")
    return [
        Screen("viewer", address),
        Screen("viewer", "/cycles/"),
        Screen("viewer", f"{address}compare/"),
        Screen("lead", f"{address}lock/"),
        Screen("lead", address),
        Screen("lead", f"{address}capacity/"),
        Screen("lead", f"{address}carry/"),
        Screen("lead", f"{address}items/?q=webhooks"),
        Screen("lead", f"{address}items/{item.pk}/"),
        Screen("other_lead", "/teams/checkout/plan/this-year/"),
        Screen("group_lead", "/cycles/add/"),
        Screen("group_lead", "/cycles/this-year/"),
    ]


def funding_pages(cast: Cast, it: Initiative) -> list[Screen]:
    """Return the pages about what gives way for an opportunity that lacks some of it."""
    origin_pages(cast, it)
    today, own = cast.org.today(), f"/initiatives/{it.key}/funding/"
    planned = Initiative.objects.get(title="Planned from the start")
    asks = [
        funding.Ask(Source.DISPLACED, 2000, planned.pk, Manner.DELAY),
        funding.Ask(Source.ADDED_CAPACITY, 1000),
    ]
    entry, _ = funding.add(
        by=cast.member, initiative_pk=it.pk, asks=asks, on=today, today=today, note="Agreed."
    )
    address = "/teams/platform/plan/this-year/funding/"
    return [
        Screen("viewer", f"{address}?term=displaced"),
        Screen("member", address),
        Screen("member", own),
        Screen("member", f"{own}{entry.pk}/"),
        Screen("viewer", f"/initiatives/{planned.key}/"),
        Screen("other_lead", "/teams/checkout/plan/this-year/funding/"),
        Screen("viewer", "/teams/platform/"),
    ]


def delivery_pages(cast: Cast, it: Initiative) -> list[Screen]:
    """Return plan against actual with an item late by an opportunity, one early and one open."""
    today = cast.org.today()
    year = {"starts_on": today.replace(month=1, day=1), "ends_before": date(today.year + 1, 1, 1)}
    cycle = Cycle.objects.create(slug="a-year", name="A year", **year)
    plan = Plan.objects.create(team=cast.platform, cycle=cycle)
    first = cycle.starts_on
    rows = [
        initiatives.log(
            by=cast.member,
            team=cast.platform,
            today=today,
            title=f"Planned for day {days}",
            origin="planned",
            estimate_mpd=5000,
            status=Status.COMMITTED,
            target_start=first,
            due_on=first + timedelta(days=days),
        )[0]
        for days in (0, 1, 2)
    ]
    rank(plan, *rows)
    lock(plan, cast, on=first)
    taken = {"source": "displaced", "manner": "delay", "mpd": 1000, "on": first}
    Funding.objects.create(plan=plan, opportunity=it, displaced=rows[0], **taken)
    Initiative.objects.filter(pk=rows[0].pk).update(status="delivered", delivered_on=today)
    Initiative.objects.filter(pk=rows[2].pk).update(status="delivered", delivered_on=first)
    own = "/teams/platform/plan/a-year/delivery/"
    return [
        Screen("viewer", own),
        Screen("viewer", f"{own}?period=nonsense"),
        Screen("other_lead", "/teams/checkout/plan/a-year/delivery/"),
        Screen("group_lead", "/plans/delivery/"),
        Screen("stranger", "/plans/delivery/"),
    ]


def lead_pages(cast: Cast, it: Initiative) -> list[Screen]:
    paths = [
        "/teams/platform/settings/",
        "/teams/platform/members/",
        f"/imports/{upload(cast, SHEET)}/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/2fa/",
        "/accounts/reauthenticate/",
        "/accounts/logout/",
    ]
    return [
        *(Screen("lead", path) for path in paths),
        Screen("group_lead", f"/initiatives/{it.key}/move/"),
    ]


def panel_pages(cast: Cast, it: Initiative) -> list[Screen]:
    rows = "/admin/tracker/initiative/"
    label, member = Label.objects.first(), Membership.objects.get(user=cast.member)
    assert label
    paths = [
        "/admin/",
        rows,
        f"{rows}{it.pk}/change/",
        f"{rows}{it.pk}/history/",
        f"{rows}{it.pk}/delete/",
        "/admin/tracker/team/",
        f"/admin/tracker/team/{cast.platform.pk}/change/",
        "/admin/tracker/membership/",
        "/admin/tracker/membership/add/",
        f"/admin/tracker/membership/{member.pk}/change/",
        "/admin/tracker/label/",
        f"/admin/tracker/label/{label.pk}/change/",
        "/admin/tracker/importbatch/",
    ]
    return [
        *(Screen("lead", path) for path in paths),
        Screen("superuser", f"/admin/tracker/organisation/{cast.org.pk}/change/"),
        Screen("superuser", "/admin/tracker/user/"),
        Screen("superuser", "/admin/tracker/team/add/"),
    ]


WALKS: dict[str, Callable[[Cast, Initiative], list[Screen]]] = {
    "open": open_pages,
    "work": work_pages,
    "figures": figure_pages,
    "lead": lead_pages,
    "origins": origin_pages,
    "plans": plan_pages,
    "funding": funding_pages,
    "delivery": delivery_pages,
    "panel": panel_pages,
}


def faults_of(page: Page) -> list[Any]:
    """Return what is wrong with a page that is open."""
    faults: list[Any] = []
    page.set_viewport_size({"width": 1440, "height": HEIGHT})
    if page.locator("[data-figure]").count():
        page.locator(".js-plotly-plot").last.wait_for()
        faults += page.evaluate(CHART)
    page.evaluate("scrollTo(0, 0)")  # what the bar at the top cuts is no small target
    faults += findings(page)
    for width in (375, 1920):
        if more := excess(page, width):
            faults.append(f"{more} px wider than {width}")
    return faults


class TestEveryPage:
    @pytest.mark.parametrize("walk", WALKS)
    def test_is_accessible_fits_and_draws_its_charts(
        self,
        page: Page,
        site: LiveServer,
        cast: Cast,
        furnished: Initiative,
        sign_in: SignIn,
        walk: str,
    ) -> None:
        faults: dict[Screen, list[Any]] = {}
        role = "anonymous"
        for screen in WALKS[walk](cast, furnished):
            if screen.role != role:
                role = screen.role
                sign_in(page.context, role)
            answer = page.goto(site.url + screen.path)
            assert answer
            came = (answer.status, page.url.removeprefix(site.url))
            if came != (screen.status, screen.path):
                faults[screen] = [came]
            elif found := faults_of(page):
                faults[screen] = found
        assert faults == {}

    def test_is_on_a_walk(self, site: LiveServer, cast: Cast, furnished: Initiative) -> None:
        walked = set()
        for walk in WALKS.values():
            with transaction.atomic():
                screens = walk(cast, furnished)
                transaction.set_rollback(True)  # so that each walk begins as in the test above
            paths = [screen.path.partition("?")[0] for screen in screens if screen.status == 200]
            walked |= {resolve(path).url_name for path in paths}
        names = {pattern.name for pattern in urlpatterns}
        assert names - walked == NO_PAGES | APART


class TestSetup:
    def test_is_accessible_and_fits(
        self,
        live_server: LiveServer,
        transactional_db: None,
        page: Page,
        settings: Any,
        tmp_path: Path,
    ) -> None:
        settings.DATA_DIR = tmp_path
        Organisation.forget()
        page.goto(f"{live_server.url}/setup/")
        assert page.url.endswith("/setup/")
        assert faults_of(page) == []
