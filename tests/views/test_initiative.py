"""The page of one initiative, and its fields edited in place."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.views.initiative import ROLES, WHOLE, As, Log, part, save, url
from tracker.actions import comments, initiatives, segments
from tracker.domain.lifecycle import Status
from tracker.models import Initiative

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


class TestInitiative:
    @pytest.mark.parametrize(("role", "status"), ROLES)
    def test_only_people_of_the_team_see_it(
        self, log: Log, as_person: As, role: str, status: int
    ) -> None:
        assert as_person(role).get(url(log())).status_code == status

    def test_everything_about_it_is_there(self, cast: Cast, log: Log, as_person: As) -> None:
        it = log(
            "Rate limits",
            pd=18,
            origin="opportunistic",
            need="dire-need",
            trigger="customer-escalation",
            owner=cast.member,
            description="Limit **each** tenant",
            expected_value=140000,
            due_on=date(2026, 10, 2),
            status=Status.ACTIVE,
        )
        initiatives.relabel(by=cast.member, pk=it.pk, add=["api"])
        html = as_person("viewer").get(url(it)).content.decode()
        for piece in (
            "Rate limits",
            "18 pd",
            "Dire need, Customer escalation",
            "Limit <strong>each</strong> tenant",
            "140,000 EUR",
            "by 2 Oct 2026",
            "api",
            "worked in one segment",
        ):
            assert piece in html

    def test_a_reader_is_offered_nothing_to_change(self, log: Log, as_person: As) -> None:
        html = as_person("viewer").get(url(log())).content.decode()
        main = html[html.index('<main id="main"') : html.index("</main>")]
        assert "<form" not in main
        assert "/field/" not in main
        assert "/turn/" not in main

    def test_a_former_key_and_one_in_small_letters_lead_to_the_page(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log()
        old = it.key
        moved = initiatives.move(by=cast.group_lead, pk=it.pk, version=1, team=cast.checkout)
        client = as_person("group_lead")
        assert client.get(f"/initiatives/{old}/").headers["Location"] == url(moved)
        assert client.get(f"/initiatives/{moved.key.lower()}/").headers["Location"] == url(moved)

    @pytest.mark.parametrize("key", ["PLAT-999", "NONE-1", "PLAT-0", "PLAT-999999999"])
    def test_an_unknown_key_is_not_found(self, cast: Cast, as_person: As, key: str) -> None:
        assert as_person("superuser").get(f"/initiatives/{key}/").status_code == 404

    def test_htmx_gets_the_region_it_asks_for_and_anything_else_the_page(
        self, log: Log, as_person: As
    ) -> None:
        it, client = log(), as_person("member")
        region = client.get(url(it), headers=WHOLE).content.decode().strip()
        assert region.startswith('<div id="initiative"')
        story = client.get(
            url(it), headers={"HX-Request": "true", "HX-Target": "section#history"}
        ).content.decode()
        assert story.strip().startswith('<section class="section" id="history"')
        other = client.get(url(it), headers=part("something-else")).content.decode()
        assert other.lstrip().startswith("<!doctype html>")

    def test_a_deleted_one_says_so_and_offers_its_return_to_members_only(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log()
        initiatives.delete(by=cast.member, pk=it.pk, version=1)
        page = as_person("member").get(url(it)).content.decode()
        assert "has been deleted" in page
        assert url(it, "restore/") in page
        assert "/field/" not in page
        page = as_person("viewer").get(url(it)).content.decode()
        assert "has been deleted" in page
        assert url(it, "restore/") not in page
        assert as_person("other_lead").get(url(it)).status_code == 404
        assert save(as_person("member"), it, "title", title="No").status_code == 404

    def test_the_history_says_who_what_and_why(self, cast: Cast, log: Log, as_person: As) -> None:
        it, client = log("Rate limits", pd=12), as_person("member")
        save(client, it, "estimate", estimate_mpd="18", why="Per sub-account")
        html = client.get(url(it)).content.decode()
        story = html[html.index('id="history"') :]
        assert "<del><bdi>12 pd</bdi></del>" in story
        assert "<ins><bdi>18 pd</bdi></ins>" in story
        assert "Per sub-account" in story
        assert "Member" in story

    def test_late_entries_are_marked_on_segments_and_in_the_history(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log(status=Status.ACTIVE)
        segments.add(
            by=cast.member,
            initiative_pk=it.pk,
            starts_on=date(2026, 9, 2),
            ends_before=date(2026, 9, 4),
            fte_milli=1000,
        )
        html = as_person("viewer").get(url(it)).content.decode()
        assert html.count("entered 12 working days late") == 2

    def test_only_the_newest_entries_are_shown_until_all_are_asked_for(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        it = log("Title 0")
        for n in range(1, 25):
            with time_machine.travel(f"2026-09-18T10:{n:02d}:00Z"):
                initiatives.edit(
                    by=cast.member, pk=it.pk, version=n, changes={"title": f"Title {n}"}
                )
        client = as_person("member")
        page = client.get(url(it)).content.decode()
        assert "Show all" in page
        assert "logged it" not in page
        assert "<del><bdi>Title 4</bdi></del>" in page
        assert "<del><bdi>Title 3</bdi></del>" not in page
        everything = client.get(url(it) + "?history=all").content.decode()
        assert "logged it" in everything
        assert "<del><bdi>Title 0</bdi></del>" in everything

    def test_queries_do_not_grow_with_what_there_is(
        self,
        cast: Cast,
        log: Log,
        as_person: As,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        it, client = log("Much", status=Status.ACTIVE), as_person("member")
        for n in range(8):
            start = date(2026, 1, 5) + timedelta(days=7 * n)
            segments.add(
                by=cast.member,
                initiative_pk=it.pk,
                starts_on=start,
                ends_before=start + timedelta(days=3),
                fte_milli=1000,
            )
            comments.add(by=cast.lead, initiative=it, body=f"No. {n}", creation_key=None)  # type: ignore[arg-type]
            initiatives.relabel(by=cast.member, pk=it.pk, add=[f"label {n}"])
        client.get(url(it))
        with django_assert_max_num_queries(17):
            client.get(url(it))


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "data:text/html,<script>alert(1)</script>",
    "\u202egnp.exe\u202c",
    "{{ 7|add:7 }}{% debug %}",
    "W" * 200,
]


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_text_becomes_markup_anywhere_on_the_page(
        self, cast: Cast, log: Log, as_person: As, text: str
    ) -> None:
        cast.member.name = text[:120]
        cast.member.save()
        it = log(text, description=text, owner=cast.member, origin="opportunistic", reason=text)
        initiatives.relabel(by=cast.member, pk=it.pk, add=[text[:50]])
        comments.add(by=cast.member, initiative=it, body=text, creation_key=None)  # type: ignore[arg-type]
        client = as_person("member")
        save(client, it, "title", title=f"{text[:150]} again", why=text, version=1)
        save(client, it, "external", external_key=text[:100], external_source=text[:40])
        html = client.get(url(it)).content.decode()
        assert "<script>alert" not in html
        assert "<img" not in html
        assert 'href="javascript:' not in html
        assert 'href="data:' not in html
        assert "14{" not in html

    def test_a_stored_link_that_does_not_lead_to_the_web_is_not_followed(
        self, log: Log, as_person: As
    ) -> None:
        it = log(external_key="X-1")
        Initiative.every.filter(pk=it.pk).update(external_url="javascript:alert(1)")
        assert "javascript:" not in as_person("member").get(url(it)).content.decode()
