"""Hostile text on every surface that shows it: it stays text, whole, and inside the window."""

from datetime import date

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.hostile import CORPUS, MADE, Watch, words
from tests.cast import Cast
from tracker.actions.invitations import invite
from tracker.figures.figure import plain
from tracker.models import (
    Initiative,
    Label,
    Organisation,
    Role,
    Team,
    WorkSegment,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
