"""Initiatives in the panel: the list and the page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.support import context_of, fill, page, send
from tests.cast import TODAY, Cast
from tracker.actions import initiatives as actions
from tracker.domain.lifecycle import Status
from tracker.models import Initiative, Label, Team, TeamCounter

AsPerson = Callable[[str], Client]


def stamp(team: Team) -> int:
    return TeamCounter.objects.get(team=team).stamp


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
