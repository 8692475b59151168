"""Initiatives in the panel: the list, the page and the actions."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.support import act, context_of, fill, page, send
from tests.cast import TODAY, Cast
from tracker.actions import initiatives as actions
from tracker.domain.lifecycle import Status, Verb
from tracker.models import Initiative, Label, Team, TeamCounter

AsPerson = Callable[[str], Client]


def stamp(team: Team) -> int:
    return TeamCounter.objects.get(team=team).stamp


@pytest.fixture
def lead(as_person: AsPerson) -> Client:
    """Give the lead of Platform."""
    return as_person("lead")


class TestList:
    def rows(self, client: Client, query: str = "") -> str:
        response = client.get(f"{page('initiative')}?{query}")
        assert response.status_code == 200
        return response.content.decode()

    def test_it_is_found_by_words_and_by_key(self, log: Any, lead: Client) -> None:
        made = log("Rate limits")
        log("Something else")
        for term in ("rate", made.key, made.key.lower()):
            html = self.rows(lead, f"q={term}")
            assert "Rate limits" in html
            assert "Something else" not in html

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("origin__exact=planned", "Planned one"),
            ("origin__exact=opportunistic", "Surprise"),
            ("status__exact=active", "Surprise"),
            ("trigger__exact=market", "Surprise"),
            ("owner=none", "Planned one"),
            ("committed_on__year=2025", "Planned one"),
            ("committed_on__gte=2026-01-01&committed_on__lt=2027-01-01", "Surprise"),
        ],
    )
    def test_filters_keep_what_they_say(
        self, query: str, found: str, cast: Cast, log: Any, lead: Client
    ) -> None:
        log("Planned one", origin="planned", committed_on=date(2025, 3, 3))
        chance = {"origin": "opportunistic", "trigger": "market", "need": "opportunity"}
        log("Surprise", **chance, owner=cast.member, status=Status.ACTIVE)
        html = self.rows(lead, query)
        other = {"Planned one": "Surprise", "Surprise": "Planned one"}[found]
        assert found in html
        assert other not in html

    def test_the_group_filter_takes_the_teams_below(
        self, cast: Cast, log: Any, as_person: AsPerson
    ) -> None:
        log("Of platform")
        html = self.rows(as_person("group_lead"), f"team={cast.group.pk}")
        assert "Of platform" in html

    def test_deleted_ones_show_when_asked_for(self, cast: Cast, log: Any, lead: Client) -> None:
        made = log("Gone")
        actions.delete(by=cast.lead, pk=made.pk, version=1)
        assert "Gone" not in self.rows(lead)
        assert "Gone" in self.rows(lead, "kept=deleted")
        assert "Gone" in self.rows(lead, "kept=all")

    @pytest.mark.parametrize(
        "query",
        [
            "committed_on__year=99999999999999999999",
            "committed_on__year=x",
            "committed_on__gte=yesterday",
            "p=0",
            "p=x",
            "o=99.-99.x",
            "team=x",
            "team=99999999999999999999",
            "owner=x",
            "kept=x",
            "origin__exact=x",
            "all=",
            "e=1",
            "nothing=1",
            "q=%25%27%22",
            "q=" + "x" * 5000,
        ],
    )
    def test_nonsense_in_the_address_is_no_fault(self, query: str, log: Any, lead: Client) -> None:
        log()
        assert lead.get(f"{page('initiative')}?{query}", follow=True).status_code == 200

    def test_markup_in_a_title_is_text(self, log: Any, lead: Client) -> None:
        made = log("<script>alert(1)</script>")
        for url in (page("initiative"), page("initiative", "change", made.pk)):
            assert b"<script>alert" not in lead.get(url).content

    def test_a_long_list_costs_few_queries(self, cast: Cast, log: Any, lead: Client) -> None:
        def cost(count: int) -> int:
            for index in range(count):
                log(f"Row {index}", owner=cast.member)
            lead.get(page("initiative"))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                lead.get(page("initiative"))
            return len(queries)

        few = cost(3)
        assert cost(100) == few
        assert few <= 12


class TestPage:
    def test_a_lead_corrects_fields_by_the_action(self, cast: Cast, log: Any, lead: Client) -> None:
        made = log(pd=5)
        label = Label.objects.create(team=cast.platform, name="Debt")
        before = stamp(cast.platform)
        url = page("initiative", "change", made.pk)
        new = {"title": "New", "estimate_mpd": "1w 2d", "owner": str(cast.member.pk)}
        new |= {"origin": "opportunistic", "need": "dire-need", "trigger": "incident"}
        response = send(lead, url, **new, labels=[str(label.pk)])
        assert response.status_code == 302
        made.refresh_from_db()
        assert (made.title, made.estimate_mpd, made.owner) == ("New", 7000, cast.member)
        assert (made.origin, made.trigger) == ("opportunistic", "incident")
        assert list(made.labels.all()) == [label]
        assert made.version == 2
        assert made.history.first().history_user == cast.lead
        assert stamp(cast.platform) > before

    def test_saving_as_it_stands_changes_nothing(self, cast: Cast, log: Any, lead: Client) -> None:
        made = log("Old", pd=2.5, description="a\n\nb", status=Status.ACTIVE, reason="Why")
        before = Initiative.every.filter(pk=made.pk).values().get()
        assert send(lead, page("initiative", "change", made.pk)).status_code == 302
        assert Initiative.every.filter(pk=made.pk).values().get() == before

    @pytest.mark.parametrize("missing", ["need", "trigger"])
    def test_opportunistic_work_has_need_and_trigger(
        self, missing: str, log: Any, lead: Client
    ) -> None:
        made = log()
        new = {"origin": "opportunistic", "need": "opportunity", "trigger": "market"}
        url = page("initiative", "change", made.pk)
        assert send(lead, url, **(new | {missing: ""})).status_code == 422

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("title", "   "),
            ("estimate_mpd", "a lot"),
            ("estimate_mpd", "-3"),
            ("estimate_mpd", "0"),
            ("estimate_mpd", "9" * 30),
            ("actual_mpd", "1e9"),
            ("expected_value", "9" * 30),
            ("due_on", "2020-13-45"),
            ("due_on", "1999-01-01"),
            ("committed_on", ""),
            ("origin", "both"),
            ("external_url", "javascript:alert(1)"),
            ("seen", "x"),
            ("seen", "9" * 30),
            ("owner", "x"),
            ("labels", "x"),
        ],
    )
    def test_nonsense_is_told_and_kept(
        self, field: str, value: str, log: Any, lead: Client
    ) -> None:
        made = log(target_start=TODAY)
        response = send(lead, page("initiative", "change", made.pk), **{field: value})
        assert response.status_code == 422
        made.refresh_from_db()
        assert made.version == 1
        assert "Nothing was saved yet" in response.content.decode()

    def test_dates_can_be_corrected_where_the_status_has_them(self, log: Any, lead: Client) -> None:
        made = log()
        url = page("initiative", "change", made.pk)
        data = fill(lead, url)
        assert "delivered_on" not in data
        assert lead.post(url, data | {"committed_on": "2026-01-05"}).status_code == 302
        made.refresh_from_db()
        assert made.committed_on == date(2026, 1, 5)

    def test_a_taken_external_key_is_told(self, cast: Cast, log: Any, lead: Client) -> None:
        log("First", external_source="jira", external_key="A-1")
        made = log("Second")
        url = page("initiative", "change", made.pk)
        response = send(lead, url, external_source="jira", external_key="A-1")
        assert response.status_code == 422
        assert "external key" in response.content.decode()

    def test_a_stale_field_is_a_conflict_with_both_values(
        self, cast: Cast, log: Any, lead: Client
    ) -> None:
        made = log("First")
        url = page("initiative", "change", made.pk)
        mine = fill(lead, url) | {"title": "Mine"}
        actions.edit(by=cast.member, pk=made.pk, version=1, changes={"title": "Theirs"})
        response = lead.post(url, mine)
        assert response.status_code == 409
        html = response.content.decode()
        assert "“Theirs”" in html
        assert 'value="Mine"' in html
        made.refresh_from_db()
        assert made.title == "Theirs"
        again = context_of(response)["adminform"].form.data["seen"]
        assert lead.post(url, mine | {"seen": again}).status_code == 302
        made.refresh_from_db()
        assert made.title == "Mine"

    def test_a_stale_page_that_touches_another_field_is_saved(
        self, cast: Cast, log: Any, lead: Client
    ) -> None:
        made = log("First")
        url = page("initiative", "change", made.pk)
        mine = fill(lead, url) | {"reason": "Mine"}
        actions.edit(by=cast.member, pk=made.pk, version=1, changes={"title": "Theirs"})
        assert lead.post(url, mine).status_code == 302
        made.refresh_from_db()
        assert (made.title, made.reason) == ("Theirs", "Mine")

    def test_a_deleted_one_is_read_only_until_restored(
        self, cast: Cast, log: Any, lead: Client
    ) -> None:
        made = log("Gone")
        url = page("initiative", "delete", made.pk)
        assert lead.post(url, {"post": "yes"}).status_code == 302
        change = page("initiative", "change", made.pk)
        assert lead.get(change).status_code == 200
        assert lead.post(change, {"title": "x"}).status_code == 403
        lead.post(page("initiative", "restore", made.pk))
        made.refresh_from_db()
        assert not made.is_deleted
        assert [row.history_change_reason for row in made.history.all()[:2]] == [
            "Restored",
            "Deleted",
        ]

    def test_the_history_shows_old_and_new(self, cast: Cast, log: Any, lead: Client) -> None:
        made = log("Old", pd=3)
        new = {"title": "New", "estimate_mpd": 5000, "owner": cast.member}
        actions.edit(by=cast.lead, pk=made.pk, version=1, changes=new, reason="Because")
        html = lead.get(page("initiative", "history", made.pk)).content.decode()
        for text in ("<del>Old</del>", "<ins>New</ins>", "<ins>5 pd</ins>", "Because"):
            assert text in html
        assert "<ins>Member</ins>" in html

    def test_a_long_history_costs_few_queries(self, cast: Cast, log: Any, lead: Client) -> None:
        made = log()
        url = page("initiative", "history", made.pk)

        def cost(count: int) -> int:
            for index in range(count):
                version = Initiative.every.get(pk=made.pk).version
                owner = (cast.member, cast.lead)[index % 2]
                changes = {"title": f"Title {index}", "owner": owner}
                actions.edit(by=cast.lead, pk=made.pk, version=version, changes=changes)
            lead.get(url)
            with CaptureQueriesContext(connection) as queries:
                lead.get(url)
            return len(queries)

        assert cost(2) == cost(30)


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
        "title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=cmd|" /C calc"!A0']
    )
    def test_the_export_neutralises_formulas(self, title: str, log: Any, lead: Client) -> None:
        made = log("safe")
        Initiative.every.filter(pk=made.pk).update(title=title)
        response = act(lead, "export", [made.pk])
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert lines[0].startswith("Key,Title,Team")
        assert lines[1].startswith(("PLAT-1,'", "PLAT-1,\"'"))

    @time_machine.travel("2026-09-18")
    def test_nothing_chosen_is_told(self, log: Any, lead: Client) -> None:
        log()
        data = {"action": "classify", "index": "0"}
        response = lead.post(page("initiative"), data, follow=True)
        assert "Items must be selected" in response.content.decode()
