"""The list of initiatives: who sees it, what it asks for, and logging in one line."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.views.initiative import As, Log
from tracker.domain.lifecycle import Status
from tracker.models import Initiative

URL = "/initiatives/"


ROWS = {"HX-Request": "true", "HX-Target": "tbody#rows"}


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-09-18T10:00:00Z"):
        yield


def keys(response: Any) -> list[str]:
    """Return the keys of the rows, in their order."""
    found = re.findall(r'<td class="key-cell hide-s"><a[^>]*>([A-Z]+-\d+)<', html(response))
    return list(found)


def html(response: Any) -> str:
    return str(response.content.decode())


def quick(client: Client, title: str, **data: Any) -> Any:
    """Send the line that logs; ``headers`` are htmx's."""
    headers = data.pop("headers", None)
    given = {"title": title, "team": "platform", "list": "platform", "creation_key": uuid4()}
    return client.post(f"{URL}add/", {**given, **data}, headers=headers)


class TestInitiatives:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            ("anonymous", 302),
            ("stranger", 404),
            ("other_lead", 404),
            ("viewer", 200),
            ("member", 200),
            ("lead", 200),
            ("group_lead", 200),
            ("superuser", 200),
        ],
    )
    def test_a_team_is_listed_for_those_who_may_see_it(
        self, log: Log, as_person: As, role: str, status: int
    ) -> None:
        log("Rate limits")
        answer = as_person(role).get(URL, {"team": "platform"})
        assert answer.status_code == status
        assert ("Rate limits" in html(answer)) == (status == 200)

    def test_without_a_team_only_ones_own_teams_are_listed(
        self, cast: Cast, log: Log, as_person: As
    ) -> None:
        log("Ours")
        log("Theirs", team=cast.checkout, by=cast.other_lead)
        assert keys(as_person("member").get(URL)) == ["PLAT-1"]
        assert keys(as_person("group_lead").get(URL)) == ["CHK-1", "PLAT-1"]
        assert keys(as_person("stranger").get(URL)) == []

    def test_a_group_includes_the_teams_below_it(self, cast: Cast, log: Log, as_person: As) -> None:
        log("Ours")
        log("Theirs", team=cast.checkout, by=cast.other_lead)
        found = as_person("group_lead").get(URL, {"team": "engineering"})
        assert set(keys(found)) == {"PLAT-1", "CHK-1"}

    def test_a_reader_finds_no_way_to_change_anything(self, log: Log, as_person: As) -> None:
        log()
        text = html(as_person("viewer").get(URL))
        assert "row-check" not in text
        assert "cell-btn" not in text
        assert 'id="bulk"' not in text
        assert "data-quick-add" not in text

    @pytest.mark.parametrize(
        ("query", "headers", "is_there"),
        [
            ({}, {}, False),
            ({"filters": "1"}, {}, True),
            ({}, {"HX-Request": "true", "HX-Target": "div#filter"}, True),
        ],
    )
    def test_the_menu_of_filters_comes_when_asked_for(
        self,
        log: Log,
        as_person: As,
        query: dict[str, str],
        headers: dict[str, str],
        is_there: bool,
    ) -> None:
        log()
        text = html(as_person("member").get(URL, query, headers=headers))
        assert ('id="f-period"' in text) == is_there
        assert ("filters=1" in text) == (not query and not headers)

    def test_key_and_title_are_plain_links_and_cells_say_their_field(
        self, log: Log, as_person: As
    ) -> None:
        log()
        text = html(as_person("member").get(URL))
        assert text.count('<a class="cell-btn" href="/initiatives/PLAT-1/">') == 2
        for field in ("title", "origin", "status", "estimate", "target", "owner"):
            assert f' data-f="{field}"><a class="cell-btn"' in text

    def test_what_is_missing_is_marked_in_its_row(self, log: Log, as_person: As) -> None:
        log("Bare", origin="unclassified")
        assert html(as_person("viewer").get(URL)).count("missing") == 2
        Initiative.every.update(origin="planned", estimate_mpd=3000)
        assert "missing" not in html(as_person("viewer").get(URL))

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"origin": "planned"}, {"PLAT-1"}),
            ({"origin": ["planned", "unclassified"]}, {"PLAT-1", "PLAT-3"}),
            ({"status": ["active", "proposed"]}, {"PLAT-2", "PLAT-3"}),
            ({"owner": "me"}, {"PLAT-1"}),
            ({"owner": "none"}, {"PLAT-2", "PLAT-3"}),
            ({"owner": "Member"}, {"PLAT-1"}),
            ({"trigger": "incident"}, {"PLAT-2"}),
            ({"label": "Security"}, {"PLAT-2"}),
            ({"period": "2026-q3"}, {"PLAT-1", "PLAT-2"}),
            ({"period": "2025-q1"}, set()),
            ({"attention": "unclassified"}, {"PLAT-3"}),
            ({"attention": "unestimated"}, {"PLAT-2", "PLAT-3"}),
            ({"attention": "stale"}, set()),
            ({"q": "limit"}, {"PLAT-1"}),
            ({"q": "LIMITS rate"}, {"PLAT-1"}),
            ({"q": "plat-2"}, {"PLAT-2"}),
            ({"q": "outage"}, {"PLAT-2"}),
            ({"q": "100%_"}, set()),
        ],
    )
    def test_each_filter_keeps_what_it_says(
        self, cast: Cast, log: Log, as_person: As, asked: dict[str, Any], found: set[str]
    ) -> None:
        log("Rate limits", pd=3, origin="planned", owner=cast.member)
        log(
            "Fix",
            origin="opportunistic",
            trigger="incident",
            reason="The outage",
            status=Status.ACTIVE,
        )
        log("Idea", status=Status.PROPOSED)
        second = Initiative.objects.get(title="Fix")
        second.labels.create(team=cast.platform, name="security")
        answer = as_person("member").get(URL, {"team": "platform", **asked})
        assert set(keys(answer)) == found

    def test_stale_is_what_is_active_and_was_left_alone(self, log: Log, as_person: As) -> None:
        log("Old", status=Status.ACTIVE)
        with time_machine.travel("2026-10-10T10:00:00Z"):
            log("New", status=Status.ACTIVE)
            assert keys(as_person("member").get(URL, {"attention": "stale"})) == ["PLAT-1"]

    @pytest.mark.parametrize("name", ["origin", "status", "trigger", "period", "sort", "attention"])
    def test_nonsense_is_left_out_with_a_notice(self, log: Log, as_person: As, name: str) -> None:
        log()
        answer = as_person("member").get(URL, {name: "<b>x</b>"})
        assert keys(answer) == ["PLAT-1"]
        assert "callout-warn" in html(answer)
        assert "<b>x</b>" not in html(answer)

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("", [4, 3, 2, 1]),
            ("key", [1, 2, 3, 4]),
            ("title", [2, 4, 1, 3]),
            ("-title", [3, 1, 4, 2]),
            ("estimate", [3, 1, 2, 4]),
            ("-estimate", [1, 3, 4, 2]),
            ("target", [2, 3, 1, 4]),
            ("-target", [3, 2, 4, 1]),
            ("status", [4, 1, 2, 3]),
        ],
    )
    def test_it_sorts_and_what_is_not_known_stands_last(
        self, log: Log, as_person: As, sort: str, order: list[int]
    ) -> None:
        log("c", pd=9)
        log("A", due_on="2026-10-01")
        log("d", pd=2, due_on="2026-11-01", status=Status.ACTIVE)
        log("b", status=Status.PROPOSED)
        answer = as_person("member").get(URL, {"team": "platform", "sort": sort})
        assert keys(answer) == [f"PLAT-{number}" for number in order]
        if sort:
            kind = "descending" if sort.startswith("-") else "ascending"
            assert f'aria-sort="{kind}"' in html(answer)

    @pytest.mark.parametrize("sort", ["", "title", "-estimate", "target", "status"])
    def test_pages_of_fifty_show_each_row_once_forth_and_back(
        self, log: Log, as_person: As, sort: str
    ) -> None:
        for number in range(120):
            log(f"Same {number % 7}", pd=number % 3 or None)
        client, seen = as_person("member"), []
        path = f"{URL}?team=platform&sort={sort}"
        for _ in range(3):
            page = client.get(path)
            seen.append(keys(page))
            older = re.search(r'href="([^"]+)" rel="next"', html(page))
            path = older[1].replace("&amp;", "&") if older else ""
        assert [len(part) for part in seen] == [50, 50, 20]
        assert len({key for part in seen for key in part}) == 120
        newer = re.search(r'href="([^"]+)" rel="prev"', html(page))
        assert newer
        back = client.get(newer[1].replace("&amp;", "&"))
        assert keys(back) == seen[1]

    def test_counts_are_those_of_what_each_chip_would_show(self, log: Log, as_person: As) -> None:
        log("One", origin="planned", pd=1)
        log("Two", origin="opportunistic")
        log("Three", origin="opportunistic", pd=1)
        client = as_person("member")
        text = html(client.get(URL, {"origin": "opportunistic"}))
        chips = re.findall(r"(Planned|Opportunistic|Unclassified|Unestimated|Mine) <b>(\d+)", text)
        assert dict(chips) == {
            "Planned": "1",
            "Opportunistic": "2",
            "Unclassified": "0",
            "Unestimated": "1",
            "Mine": "0",
        }

    def test_search_gets_rows_with_what_stands_around_them_and_replaces_the_address(
        self, log: Log, as_person: As
    ) -> None:
        log("Rate limits")
        headers = {**ROWS, "HX-Source": "form#search"}
        answer = as_person("member").get(URL, {"q": "rate", "status": ""}, headers=headers)
        assert html(answer).strip().startswith('<tbody id="rows">')
        assert answer["HX-Replace-Url"] == "/initiatives/?q=rate"
        assert "HX-Request" in answer["Vary"]
        for part in ("heads", "foot", "chips", "count", "search-keeps", "bulk-all"):
            assert f'hx-target="#{part}"' in html(answer)
        assert 'id="search-q"' not in html(answer)

    def test_a_filter_is_a_step_one_can_go_back_from(self, log: Log, as_person: As) -> None:
        answer = as_person("member").get(URL, {"origin": "planned"}, headers=ROWS)
        assert answer["HX-Push-Url"] == "/initiatives/?origin=planned"

    def test_titles_are_text(self, log: Log, as_person: As) -> None:
        log("<script>alert(1)</script>")
        for role in ("member", "viewer"):
            assert "<script>alert" not in html(as_person(role).get(URL))

    def test_queries_stay_few_and_do_not_grow_with_rows(self, log: Log, as_person: As) -> None:
        client = as_person("member")
        path = f"{URL}?team=platform&status=committed&label=x&owner=me"

        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            return len(captured)

        log()
        count()
        few = count()
        for number in range(60):
            log(f"More {number}")
        assert count() == few <= 6
