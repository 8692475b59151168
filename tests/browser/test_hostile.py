"""Hostile text on every surface that shows it: it stays text, whole, and inside the window."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.support import Log, Open, excess
from tests.cast import Cast
from tracker.actions import comments, initiatives
from tracker.actions.invitations import invite
from tracker.domain.lifecycle import Status
from tracker.figures.figure import plain
from tracker.models import (
    Holiday,
    Initiative,
    Label,
    Membership,
    Organisation,
    Role,
    Team,
    User,
    WorkSegment,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CORPUS = (
    "<script>window.pwned=1</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=alert(1)>',
    "' onmouseover='window.pwned=1' autofocus onfocus='window.pwned=1",
    "<x-hostile hx-get=/ hx-trigger=load>x</x-hostile>",
    "[click](javascript:window.pwned=1)",
    "![x](data:text/html,<script>window.pwned=1</script>)",
    "javascript:window.pwned=1//",
    "`${window.pwned=1}` \"quoted\" 'too' \\",
    "{{7*7}} {% now 'Y' %} {{ request.user }}",
    "\u202eright to left",
    "zero\u200bwidth\u200djoiners\u2060here",
    "emoji 👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 Z̸̢̛a̷l̶g̵o̶",
    "W" * 200,
    "<b>hostile</b><br><sup>x</sup>",
    '<a href="javascript:window.pwned=1">x</a>',
    "%{y} %{customdata} %{x:.3f}<extra></extra>",
    '=HYPERLINK("javascript:alert(1)","x")',
    "<!-- not a comment",
    "&lt;b&gt;hostile&lt;/b&gt; &amp;amp; &#60;",
    "]]><style>*{display:none}</style>",
)
# What a page says, in the pieces in which it says it: text, what stands in fields, and nothing of
# the programs and data beside it.
SAID = """() => {
    const said = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const { data, parentElement } = walk.currentNode;
        if (!parentElement.closest("script, style")) said.push(data);
    }
    return said.map((text) => text.replace(/\\s+/g, " ").trim());
}"""
# What the text would have made of the page, had it been taken for more than text.
MADE = """() => [
    ...document.querySelectorAll(`x-hostile, iframe, object, embed, base, body style, [onerror],
        [onload], [onclick], [onfocus], [onmouseover], [href^="javascript:" i],
        [href^="data:text" i], [src^="javascript:" i], [src^="data:text" i], img[src="x"],
        script:not([src]):not([type="application/json"])`),
    ...[...document.querySelectorAll("b, strong")].filter((one) => one.textContent === "hostile"),
].map((one) => one.outerHTML.slice(0, 200)).concat(window.pwned ? ["it ran"] : [])"""


def words(text: str, most: int = 200) -> str:
    """Return text as the store takes it and a page shows it."""
    return " ".join(text[:most].split())


class Watch:
    """A page on which a dialog is a fault, and what is wrong with what it shows."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.faults: list[Any] = []
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(("a dialog", self.page.url, dialog.message))
        dialog.dismiss()

    def open(self, path: str, *texts: str) -> None:
        """Go somewhere and look for the texts there."""
        answer = self.page.goto(self.base + path)
        assert answer
        assert answer.status == 200, path
        self.look(*texts)

    def look(self, *texts: str) -> None:
        """Note what became more than text, which text is not whole, and what sticks out."""
        where = self.page.url.removeprefix(self.base)
        said = "\n".join(self.page.evaluate(SAID))
        self.faults += [(where, "missing", text) for text in texts if text not in said]
        self.faults += [(where, "made", made) for made in self.page.evaluate(MADE)]
        if more := excess(self.page, 375):
            self.faults.append((where, "sticks out", more))


def person_of(number: int, text: str, team: Team) -> User:
    name = words(text, 120)
    user = User.objects.create_user(f"hostile{number}@example.org", name=name)
    Membership.objects.create(user=user, team=team, role=Role.MEMBER)
    return user


@pytest.fixture
def hostile(cast: Cast, log: Log) -> list[Initiative]:
    """Put the corpus wherever people type, and return an initiative for each of its texts."""
    today = cast.org.today()
    made = []
    for number, text in enumerate(CORPUS):
        Team.objects.create(name=words(text, 80), slug=f"h{number}", key_prefix=f"H{number}Z")
        holiday = today.replace(month=1, day=number + 1)
        Holiday.objects.create(team=cast.platform, day=holiday, name=words(text, 120))
        owner = person_of(number, text, cast.platform)
        it = log(
            words(text),
            origin="opportunistic",
            reason=text,
            description=f"{text}\n\n> {text}",
            owner=owner,
            pd=3,
            status=Status.ACTIVE,
            today=today,
        )
        initiatives.relabel(by=owner, pk=it.pk, add=[text[:50]])
        comments.add(by=owner, initiative=it, body=text, creation_key=uuid4())
        changes = {"external_source": text[:40], "external_key": text[:120]}
        initiatives.edit(by=owner, pk=it.pk, version=2, changes=changes, reason=text)
        made.append(it)
    cast.platform.name, cast.platform.working_weekdays = "</title><script>alert(1)</script>", 127
    cast.platform.save()
    return made


@pytest.fixture
def watch(page: Page, site: LiveServer, open_as: Open, hostile: list[Initiative]) -> Watch:
    """Give a page of the superuser's, who sees everything."""
    open_as("superuser", "/accounts/logout/")
    return Watch(page, site.url)


TITLES = [words(text) for text in CORPUS]
NAMES = [words(text, 120) for text in CORPUS]


class TestPages:
    def test_of_many_initiatives(self, watch: Watch, cast: Cast) -> None:
        team = cast.platform.name
        watch.open("/initiatives/?team=platform", team, *TITLES, *NAMES)
        watch.open("/teams/platform/", team)
        watch.open("/teams/platform/behind/", team, *TITLES)
        watch.open("/portfolio/", *(words(text, 80) for text in CORPUS))
        watch.open("/teams/platform/members/", *NAMES)
        watch.open("/teams/platform/settings/", *NAMES)
        watch.open("/search/?q=window.pwned", TITLES[0])
        assert watch.faults == []

    def test_of_one_initiative(self, watch: Watch, hostile: list[Initiative]) -> None:
        for it, text in zip(hostile, CORPUS, strict=True):
            label = words(text, 50)
            watch.open(f"/initiatives/{it.key}/", it.title, label, words(text, 120), words(text))
        watch.open(f"/initiatives/{hostile[0].key}/cell/title/", TITLES[0])
        watch.open(f"/initiatives/{hostile[0].key}/cell/owner/", NAMES[0])
        watch.open(f"/initiatives/{hostile[0].key}/turn/deliver/", TITLES[0])
        assert watch.faults == []

    def test_of_the_admin_panel(self, watch: Watch, hostile: list[Initiative]) -> None:
        rows = "/admin/tracker/initiative/"
        watch.open(rows, *TITLES)
        for it in hostile[:4]:
            watch.open(f"{rows}{it.pk}/change/", it.title)
            watch.open(f"{rows}{it.pk}/history/", it.title)
        watch.open(f"{rows}{hostile[0].pk}/delete/", TITLES[0])
        watch.open("/admin/tracker/label/?all=", *(words(text, 50) for text in CORPUS))
        watch.open("/admin/tracker/team/", *(words(text, 80) for text in CORPUS))
        watch.open("/admin/tracker/membership/", *NAMES)
        watch.open("/admin/tracker/user/", *NAMES)
        label = Label.objects.get(name=words(CORPUS[0], 50))
        watch.open(f"/admin/tracker/label/{label.pk}/change/", label.name)
        assert watch.faults == []


class TestAsked:
    @pytest.mark.parametrize("path", ["/initiatives/?team=platform&q=", "/search/?q="])
    def test_what_is_asked_for_comes_back_as_text(
        self, watch: Watch, path: str, page: Page
    ) -> None:
        for text in CORPUS:
            asked = text[:100]
            page.goto(watch.base + "/search/")
            watch.open(path + page.evaluate("(text) => encodeURIComponent(text)", asked))
            assert asked.strip() in [
                value.strip()
                for value in page.locator("main input[type=search]").evaluate_all(
                    "(all) => all.map((one) => one.value)"
                )
            ]
        assert watch.faults == []

    def test_the_palette_shows_text(self, watch: Watch, page: Page) -> None:
        watch.open("/portfolio/")
        for text in CORPUS[:7]:
            page.keyboard.press("Control+k")
            page.keyboard.insert_text(text[:60])
            found = page.locator("#search-results [data-q]")
            expect(found).to_have_attribute("data-q", words(text, 60))
            watch.look()
            page.keyboard.press("Escape")
        assert watch.faults == []


class TestOrganisation:
    def test_its_name_and_its_people_s_stay_text_beside_every_page(
        self, watch: Watch, cast: Cast, page: Page
    ) -> None:
        for text in CORPUS:
            cast.org.name = cast.superuser.name = words(text, 120)
            cast.org.save()
            cast.superuser.save()
            Organisation.forget()
            watch.open("/imports/")
        watch.open(f"/admin/tracker/organisation/{cast.org.pk}/change/", cast.org.name)
        _, token = invite(by=cast.lead, team=cast.platform, email="x@e.org", role=Role.MEMBER)
        page.context.clear_cookies()
        watch.open(f"/invitations/{token}/", cast.platform.name)
        assert watch.faults == []


class TestImport:
    def test_a_file_shows_its_cells_and_name_as_text(self, watch: Watch, page: Page) -> None:
        quoted = ['"' + text.replace('"', '""') + '"' for text in TITLES]
        lines = [f"{text},{text},{text},{text}" for text in quoted]
        content = "\n".join(["Title,Status,Owner,Labels", *lines]).encode()
        name = "<img src=x onerror=alert(1)>.csv"
        sheet: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content}
        watch.open("/imports/new/")
        page.get_by_label("CSV file").set_input_files([sheet])
        page.get_by_role("button", name="Look at the file").click()
        page.wait_for_url("**/imports/*/")
        watch.look(name, *TITLES[:10])
        page.get_by_role("button", name="Import ").click()
        expect(page.get_by_text("came in.")).to_be_visible()
        watch.look(name)
        watch.open("/imports/", name)
        watch.open("/admin/tracker/importbatch/", name)
        assert watch.faults == []


class TestCharts:
    """Plotly takes its labels for a kind of HTML, so they are tried in the real one."""

    TRIGGERS = ("<b>x</b>", "<a href=/>y</a>", "%{x}%{y}", "{{7*7}}", "&lt;b&gt;", "</script>")

    def test_labels_and_hover_texts_show_what_the_store_holds(
        self, watch: Watch, cast: Cast, page: Page
    ) -> None:
        self.work_on_each_trigger(cast.platform, cast.org.today())
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{watch.base}/teams/platform/")
        marks = page.locator("#triggers .barlayer .point path")
        expect(marks).to_have_count(len(self.TRIGGERS) + 1)  # those of the corpus name none
        shown = page.locator("#triggers .ytick text").all_text_contents()
        hovered = []
        for mark in marks.all():
            mark.scroll_into_view_if_needed()
            mark.hover(force=True)
            text = page.locator("#triggers .hoverlayer .hovertext")
            expect(text).to_be_visible()
            hovered.append(text.text_content())
            page.mouse.move(0, 0)
            expect(text).to_have_count(0)
        for trigger in self.TRIGGERS:
            label = trigger.replace("-", " ").capitalize()
            assert label in shown
            assert any((text or "").startswith(label) for text in hovered), (label, hovered)
        watch.look()
        assert page.locator(".js-plotly-plot a").count() == 0
        assert watch.faults == []

    def work_on_each_trigger(self, team: Team, today: date) -> None:
        for number, trigger in enumerate(self.TRIGGERS):
            it = Initiative.objects.create(
                team=team,
                number=5000 + number,
                title=trigger,
                origin="opportunistic",
                trigger=trigger,
                status="active",
                committed_on=today,
            )
            WorkSegment.objects.create(initiative=it, starts_on=today, fte_milli=1000 + number)

    def test_any_text_made_plain_is_drawn_as_it_is(self, watch: Watch, page: Page) -> None:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{watch.base}/teams/platform/")
        expect(page.locator("#triggers .barlayer .point").first).to_be_visible()
        for text in CORPUS:
            page.evaluate(
                """(text) => {
                    const spec = document.getElementById("triggers-spec");
                    const figure = JSON.parse(spec.textContent);
                    const [trace] = figure.data;
                    Object.assign(trace, { y: [text], x: [1], text: [text], customdata: [text] });
                    spec.textContent = JSON.stringify(figure);
                    document.dispatchEvent(new CustomEvent("figure:update"));
                }""",
                plain(words(text)),
            )
            expect(page.locator("#triggers .bartext")).to_have_text(words(text))
            page.locator("#triggers .barlayer .point path").hover(force=True)
            expect(page.locator("#triggers .hovertext")).to_contain_text(words(text))
            page.mouse.move(0, 0)
            assert page.evaluate(MADE) == []
        assert watch.faults == []
