"""An initiative by its key: the same as the filter of permission finds, in one query."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tracker.actions.initiatives import move
from tracker.models import Initiative, Membership, Role, User
from tracker.queries.keys import by_key

Log = Callable[..., Initiative]
PEOPLE = ["stranger", "viewer", "member", "lead", "other_lead", "group_lead", "superuser"]
NOW = datetime(2026, 9, 18, 12, 30, tzinfo=UTC)


def fresh(cast: Cast, who: str) -> User:
    return User.objects.get(pk=cast.person(who).pk)


class TestByKey:
    @pytest.mark.parametrize("who", PEOPLE)
    def test_finds_what_the_filter_of_permission_lets_through(
        self, cast: Cast, log: Log, who: str
    ) -> None:
        for team in (cast.platform, cast.checkout, cast.group):
            log(team=team, by=cast.superuser)
        for key in ("PLAT-1", "plat-1", "CHK-1", "ENG-1", "PLAT-2", "NONE-1"):
            asked = Initiative.objects.visible_to(cast.person(who)).with_key(key).first()
            assert by_key(fresh(cast, who), key) == asked

    def test_reads_by_an_index_and_not_every_row(self, cast: Cast, log: Log) -> None:
        log()
        if connection.vendor != "sqlite":
            pytest.skip("the plans of PostgreSQL depend on how much there is")
        plan = Initiative.objects.visible_to(cast.member).with_key("PLAT-1").explain()
        assert "SCAN" not in plan

    @pytest.mark.parametrize("key", ["", "-", "PLAT", "PLAT-", "PLAT-x", "PLAT-1-", "-1", "1" * 30])
    def test_nonsense_finds_nothing(self, cast: Cast, log: Log, key: str) -> None:
        log()
        assert by_key(fresh(cast, "member"), key) is None

    @pytest.mark.parametrize("who", PEOPLE[1:])
    def test_the_role_comes_along(self, cast: Cast, log: Log, who: str) -> None:
        log()
        person = fresh(cast, who)
        with CaptureQueriesContext(connection) as captured:
            found = by_key(person, "PLAT-1")
            role = person.role_in(found.team_id) if found else 0
        assert len(captured) == 1
        assert role == fresh(cast, who).team_roles.get(cast.platform.pk, 0)

    def test_each_is_asked_anew(self, cast: Cast, log: Log) -> None:
        log()
        assert by_key(fresh(cast, "member"), "PLAT-1")
        Membership.objects.filter(user=cast.member).update(role=Role.VIEWER)
        person = fresh(cast, "member")
        found = by_key(person, "PLAT-1")
        assert found
        assert person.role_in(found.team_id) == Role.VIEWER
        Membership.objects.filter(user=cast.member).delete()
        assert by_key(fresh(cast, "member"), "PLAT-1") is None

    def test_somebody_inactive_finds_nothing(self, cast: Cast, log: Log) -> None:
        log()
        for who in ("member", "superuser"):
            person = fresh(cast, who)
            person.is_active = False
            assert by_key(person, "PLAT-1") is None

    def test_a_former_key_still_leads_to_it(self, cast: Cast, log: Log) -> None:
        it = move(by=cast.group_lead, pk=log().pk, version=1, team=cast.checkout)
        for key in ("PLAT-1", it.key):
            assert by_key(fresh(cast, "group_lead"), key) == it
        assert by_key(fresh(cast, "member"), "PLAT-1") is None

    def test_a_deleted_one_only_where_it_is_asked_for(self, cast: Cast, log: Log) -> None:
        it = log()
        Initiative.every.update(deleted_at=NOW)
        assert by_key(fresh(cast, "member"), "PLAT-1") is None
        assert by_key(fresh(cast, "member"), "PLAT-1", deleted=True) == it

    def test_every_value_is_as_the_orm_gives_it(self, cast: Cast, log: Log) -> None:
        log(owner=cast.lead, due_on=date(2026, 12, 24), creation_key=uuid4(), pd=2.5)
        log(owner=None)
        for key in ("PLAT-1", "PLAT-2"):
            found = by_key(fresh(cast, "member"), key)
            same = Initiative.every.select_related("team", "owner").with_key(key).get()
            assert found
            for row, other in ((found, same), (found.team, same.team), (found.owner, same.owner)):
                kept = [
                    {k: v for k, v in vars(one).items() if k[0] != "_"} if one else None
                    for one in (row, other)
                ]
                if kept[0] is not None:
                    kept[0].pop("role", None)
                    kept[0].pop("is_shifted", None)
                assert kept[0] == kept[1]
