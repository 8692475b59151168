"""Initiatives in the panel: their segments, and the actions of the list."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.admin.support import act, fill, page, send
from tests.cast import Cast
from tracker.actions import initiatives as actions
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Initiative, Team, TeamCounter

AsPerson = Callable[[str], Client]


def stamp(team: Team) -> int:
    return TeamCounter.objects.get(team=team).stamp


class TestSegments:
    @pytest.fixture
    def active(self, log: Any) -> Initiative:
        """Give active work with its open segment."""
        made: Initiative = log(status=Status.ACTIVE)
        return made

    def test_a_lead_adds_and_corrects_segments(self, active: Initiative, lead: Client) -> None:
        url = page("initiative", "change", active.pk)
        new = {"segments-1-starts_on": "2026-01-05", "segments-1-last_day": "2026-01-09"}
        assert send(lead, url, **new, **{"segments-1-fte_milli": "0.5"}).status_code == 302
        first = active.segments.first()
        assert first is not None
        assert (first.ends_before, first.fte_milli) == (date(2026, 1, 10), 500)
        active.refresh_from_db()
        assert active.version > 1
        assert send(lead, url, **{"segments-0-last_day": "2026-01-08"}).status_code == 302
        first.refresh_from_db()
        assert first.last_day == date(2026, 1, 8)

    def test_overlaps_are_told(self, active: Initiative, lead: Client) -> None:
        url = page("initiative", "change", active.pk)
        new = {"segments-1-starts_on": "2026-01-05", "segments-1-last_day": "2027-01-09"}
        response = send(lead, url, **new, **{"segments-1-fte_milli": "1"})
        assert response.status_code == 422
        assert "overlaps" in response.content.decode()
        assert active.segments.count() == 1

    def test_active_work_keeps_its_open_segment(self, active: Initiative, lead: Client) -> None:
        url = page("initiative", "change", active.pk)
        for forged in ({"segments-0-DELETE": "on"}, {"segments-0-last_day": "2026-12-31"}):
            assert send(lead, url, **forged).status_code == 422
        assert active.segments.get().ends_before is None

    def test_the_last_day_is_not_before_the_first(self, active: Initiative, lead: Client) -> None:
        url = page("initiative", "change", active.pk)
        new = {"segments-1-starts_on": "2026-01-05", "segments-1-last_day": "2026-01-01"}
        assert send(lead, url, **new, **{"segments-1-fte_milli": "1"}).status_code == 422

    @pytest.mark.parametrize("value", ["9999-12-31", "x", "0000-00-00"])
    def test_days_that_are_none_are_told(
        self, value: str, active: Initiative, lead: Client
    ) -> None:
        url = page("initiative", "change", active.pk)
        new = {"segments-1-starts_on": "2026-01-05", "segments-1-last_day": value}
        assert send(lead, url, **new, **{"segments-1-fte_milli": "1"}).status_code == 422

    def test_a_segment_that_moved_meanwhile_is_not_overwritten(
        self, cast: Cast, active: Initiative, lead: Client
    ) -> None:
        url = page("initiative", "change", active.pk)
        mine = fill(lead, url) | {"segments-0-fte_milli": "3"}
        actions.turn(by=cast.member, pk=active.pk, version=1, verb=Verb.PAUSE, on=date(2027, 1, 1))
        assert lead.post(url, mine).status_code == 409
        assert active.segments.get().fte_milli != 3000


class TestActions:
    def test_an_action_asks_first(self, log: Any, lead: Client) -> None:
        made = log("Rate limits")
        data = {"action": "classify", "_selected_action": [made.pk], "index": "0"}
        response = lead.post(page("initiative"), data)
        assert response.status_code == 200
        assert "Rate limits" in response.content.decode()
        made.refresh_from_db()
        assert made.version == 1

    def test_classify(self, cast: Cast, log: Any, lead: Client) -> None:
        rows = [log("a"), log("b")]
        before = stamp(cast.platform)
        chance = {"origin": "opportunistic", "need": "opportunity", "trigger": "market"}
        assert act(lead, "classify", [row.pk for row in rows], **chance).status_code == 302
        for row in rows:
            row.refresh_from_db()
            assert (row.origin, row.need, row.trigger) == tuple(chance.values())
            assert row.version == 2
            assert row.history.first().history_user == cast.lead
        assert stamp(cast.platform) > before

    @pytest.mark.parametrize("missing", ["origin", "need", "trigger"])
    def test_classify_asks_for_all_of_it(self, missing: str, log: Any, lead: Client) -> None:
        made = log()
        chance = {"origin": "opportunistic", "need": "opportunity", "trigger": "market"}
        del chance[missing]
        assert act(lead, "classify", [made.pk], **chance).status_code == 422

    def test_back_to_planned_takes_need_and_trigger_away(self, log: Any, lead: Client) -> None:
        made = log(origin="opportunistic", need="opportunity", trigger="market")
        given = {"origin": "planned", "need": "opportunity", "trigger": "market"}
        act(lead, "classify", [made.pk], **given)
        made.refresh_from_db()
        assert (made.origin, made.need, made.trigger) == ("planned", "", "")

    def test_set_the_owner(self, cast: Cast, log: Any, lead: Client) -> None:
        made = log()
        act(lead, "set_owner", [made.pk], owner=str(cast.member.pk))
        made.refresh_from_db()
        assert made.owner == cast.member
        act(lead, "set_owner", [made.pk], owner="")
        made.refresh_from_db()
        assert made.owner is None

    def test_an_owner_belongs_to_every_team_chosen(
        self, cast: Cast, log: Any, as_person: AsPerson
    ) -> None:
        rows = [log(), log(team=cast.checkout)]
        client = as_person("group_lead")
        given = {"owner": str(cast.member.pk)}
        response = act(client, "set_owner", [row.pk for row in rows], **given)
        assert response.status_code == 422
        assert "does not belong to Checkout" in response.content.decode()

    def test_move_gives_new_keys_and_keeps_the_old_links(
        self, cast: Cast, log: Any, as_person: AsPerson
    ) -> None:
        made = log()
        old = made.key
        before = stamp(cast.platform), stamp(cast.checkout)
        act(as_person("group_lead"), "move", [made.pk], team=str(cast.checkout.pk))
        made = Initiative.every.get(pk=made.pk)
        assert made.team == cast.checkout
        assert Initiative.every.with_key(old).get() == made
        assert stamp(cast.platform) > before[0]
        assert stamp(cast.checkout) > before[1]

    def test_a_move_is_all_or_nothing(self, cast: Cast, log: Any, as_person: AsPerson) -> None:
        taken = {"external_source": "jira", "external_key": "A-1"}
        log(team=cast.checkout, **taken)
        rows = [log("a"), log("b", **taken)]
        client = as_person("group_lead")
        response = act(client, "move", [row.pk for row in rows], team=str(cast.checkout.pk))
        assert response.status_code == 422
        assert Initiative.objects.filter(team=cast.platform).count() == 2

    def test_delete_and_restore(self, cast: Cast, log: Any, lead: Client) -> None:
        rows = [log("a"), log("b")]
        pks = [row.pk for row in rows]
        before = stamp(cast.platform)
        act(lead, "delete_rows", pks)
        assert not Initiative.objects.exists()
        assert stamp(cast.platform) > before
        url = f"{page('initiative')}?kept=deleted"
        lead.post(url, {"action": "restore_rows", "_selected_action": pks})
        assert Initiative.objects.count() == 2

    def test_all_that_match_are_taken_and_no_others(self, log: Any, lead: Client) -> None:
        log("other", origin="planned")
        rows = [log("match") for _ in range(60)]
        data = {"action": "classify", "_selected_action": [rows[0].pk], "sure": "yes"}
        data |= {"select_across": "1", "origin": "planned"}
        url = f"{page('initiative')}?q=match"
        assert lead.post(url, data).status_code == 302
        assert Initiative.objects.filter(origin="planned", version=2).count() == 60
        assert Initiative.objects.get(title="other").version == 1

    @pytest.mark.parametrize(
        "title", ["=1+1", "+a", "-a", "@SUM(A1)", "\t=1", '=cmd|" /C calc"!A0']
    )
    def test_the_export_neutralises_formulas(self, title: str, log: Any, lead: Client) -> None:
        made = log("safe")
        Initiative.every.filter(pk=made.pk).update(title=title)
        response = act(lead, "export", [made.pk])
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[0].startswith("Key,Team,Title")
        assert re.match(r'PLAT-1,Platform,"?\'', lines[1])

    @time_machine.travel("2026-09-18")
    def test_nothing_chosen_is_told(self, log: Any, lead: Client) -> None:
        log()
        data = {"action": "classify", "index": "0"}
        response = lead.post(page("initiative"), data, follow=True)
        assert "Items must be selected" in response.content.decode()
