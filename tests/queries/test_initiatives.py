"""Reads of the list: scope, words, pages and counts."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tracker.domain.listing import Listing, Sort
from tracker.models import Initiative, User
from tracker.queries import initiatives as queries
from tracker.queries.initiatives_page import PAGE, page_of, typed_in
from tracker.queries.teams import KnownTeam, known_teams

pytestmark = pytest.mark.django_db
Log = Callable[..., Initiative]
NOW = datetime(2026, 9, 18, tzinfo=UTC)


def teams_of(user: User, slug: str = "") -> list[KnownTeam]:
    return queries.scope(known_teams(user), slug)


class TestScope:
    def test_a_group_stands_first_and_brings_those_below(self, cast: Cast) -> None:
        found = [team.slug for team in teams_of(cast.group_lead, "engineering")]
        assert found[0] == "engineering"
        assert set(found) == {"engineering", "platform", "checkout"}

    def test_a_team_one_may_not_see_is_no_team(self, cast: Cast) -> None:
        assert teams_of(cast.member, "checkout") == []
        assert teams_of(cast.stranger) == []


class TestMatching:
    @pytest.mark.parametrize("q", ["%", "_", "\\", "'", '"', "x' OR 1=1 --"])
    def test_signs_of_the_query_language_are_plain_text(self, cast: Cast, log: Log, q: str) -> None:
        log("Plain title")
        found = queries.matching(Listing(q=q), teams_of(cast.member), cast.member, NOW)
        assert list(found) == []

    def test_a_former_key_still_leads_to_it(self, cast: Cast, log: Log) -> None:
        from tracker.actions.initiatives import move

        it = log("Moved")
        move(by=cast.group_lead, pk=it.pk, version=1, team=cast.checkout)
        teams = teams_of(cast.group_lead)
        found = queries.matching(Listing(q="PLAT-1"), teams, cast.group_lead, NOW)
        assert [row.pk for row in found] == [it.pk]

    def test_two_of_one_name_are_told_apart_by_address(self, cast: Cast, log: Log) -> None:
        twin = User.objects.create_user("twin@example.org", name=cast.member.name)
        log(owner=cast.member)
        it = log(owner=twin)
        asked = Listing(owner=f"{twin.name} (twin@example.org)")
        found = queries.matching(asked, teams_of(cast.member), cast.member, NOW)
        assert [row.pk for row in found] == [it.pk]

    def test_deleted_ones_are_left_out(self, cast: Cast, log: Log) -> None:
        log()
        Initiative.every.update(deleted_at=NOW)
        assert not queries.matching(Listing(), teams_of(cast.member), cast.member, NOW).exists()


class TestPageOf:
    def test_a_page_is_one_query_without_offset(self, cast: Cast, log: Log) -> None:
        for number in range(PAGE + 1):
            log(f"Row {number}")
        teams = teams_of(cast.member)
        first = page_of(Listing(), teams, cast.member, NOW)
        assert (len(first.rows), first.has_newer, first.has_older) == (PAGE, False, True)
        asked = Listing(after=first.rows[-1][0])
        with CaptureQueriesContext(connection) as captured:
            rest = page_of(asked, teams, cast.member, NOW)
        assert len(captured) == 1
        assert "OFFSET" not in captured[0]["sql"]
        assert (len(rest.rows), rest.has_newer, rest.has_older) == (1, True, False)

    def test_the_row_a_page_begins_behind_may_have_been_deleted(self, cast: Cast, log: Log) -> None:
        rows = [log(f"Row {number}") for number in range(3)]
        Initiative.every.filter(pk=rows[1].pk).update(deleted_at=NOW)
        asked = Listing(after=rows[1].pk)
        page = page_of(asked, teams_of(cast.member), cast.member, NOW)
        assert [row[0] for row in page.rows] == [rows[0].pk]

    @pytest.mark.parametrize("cursor", [0, 10**17])
    def test_a_row_that_never_was_gives_an_empty_page(
        self, cast: Cast, log: Log, cursor: int
    ) -> None:
        log()
        asked = Listing(after=cursor, sort=Sort.TITLE)
        page = page_of(asked, teams_of(cast.member), cast.member, NOW)
        assert len(page.rows) == (0 if cursor else 1)


class TestCountsOf:
    def test_a_chip_replaces_the_filter_of_its_kind_and_keeps_the_others(
        self, cast: Cast, log: Log
    ) -> None:
        log(origin="planned", owner=cast.member)
        log(origin="planned", pd=1)
        log(origin="opportunistic", owner=cast.member)
        asked = Listing(origins=("planned",), owner="me")
        with CaptureQueriesContext(connection) as captured:
            known = teams_of(cast.member)
            found = queries.counts_of(asked, known, cast.member, NOW)
        assert len(captured) <= 2
        assert (found.total, found.planned, found.opportunistic) == (1, 1, 1)
        assert (found.mine, found.unestimated, found.capped) == (1, 1, False)

    def test_counting_stops_where_it_would_take_long(
        self, cast: Cast, log: Log, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "MOST_COUNTED", 2)
        for _ in range(4):
            log()
        found = queries.counts_of(Listing(), teams_of(cast.member), cast.member, NOW)
        assert (found.capped, found.total) == (True, 3)


class TestTypedIn:
    def test_people_and_labels_come_in_one_query(self, cast: Cast) -> None:
        cast.platform.labels.create(name="security")
        cast.checkout.labels.create(name="theirs")
        teams = teams_of(cast.member)
        with CaptureQueriesContext(connection) as captured:
            found = typed_in(teams)
        assert len(captured) == 1
        names = [str(person) for person in found.people]
        assert names == ["Group Lead", "Lead", "Member", "Viewer"]
        assert found.labels == ["security"]
