"""Locking a plan, and comparing any two of its states."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import plotly.graph_objects as go
import pytest
import time_machine
from django.test import Client

from tests.cast import TODAY, Cast
from tests.plans import START, lock, rank
from tracker.models import Baseline, Initiative, Plan, PlanItem

AsPerson = Callable[[str], Client]
Log = Callable[..., Initiative]
HERE = "/teams/platform/plan/2026-h2/"


@pytest.fixture
def abc(plan: Plan, log: Log) -> Plan:
    """Give a plan that ranks A and B, with what OP1 asks for."""
    days = {"target_start": date(2026, 8, 3), "due_on": date(2026, 8, 14)}
    rank(plan, log("A", pd=10, origin="planned", **days), log("B", pd=20))
    plan.items.update(outcome="Fewer pages at night", measured_by="The pager")
    return plan


def given(client: Client, **changes: str) -> dict[str, str]:
    """Return what the form holds when it is opened, with changes."""
    form = client.get(f"{HERE}lock/").context["form"]
    held = {field.html_name: str(field.value()) for field in form if field.value() is not None}
    return {name: text for name, text in held.items() if text != "False"} | changes


class TestPlanLock:
    """The lock."""

    def test_it_shows_what_is_locked_and_what_is_missing(
        self, as_person: AsPerson, abc: Plan, log: Log
    ) -> None:
        """Each item above the line with what nobody has said, and a tick to go on without."""
        PlanItem.objects.create(plan=abc, initiative=log("C"), position=9000, outcome="More")
        page = as_person("lead").get(f"{HERE}lock/").content.decode()
        assert "3 items above the line" in page
        assert "no estimate, no measure" in page
        assert "Lock without what is missing" in page

    def test_it_locks(self, as_person: AsPerson, abc: Plan, cast: Cast) -> None:
        """With who, when and why; then the plan names it."""
        client = as_person("lead")
        answer = client.post(f"{HERE}lock/", given(client, effective_on="2026-07-01"), follow=True)
        assert answer.redirect_chain[-1][0] == HERE
        baseline = Baseline.objects.get()
        assert (baseline.kind, baseline.effective_on) == ("op1", START)
        assert baseline.locked_by == cast.lead
        assert "OP1 is locked. It stays as it is for good." in answer.content.decode()
        assert "locked " in answer.content.decode()

    def test_what_is_missing_needs_a_tick(self, as_person: AsPerson, abc: Plan) -> None:
        """Without it nothing is stored, with it the lock is."""
        PlanItem.objects.update(outcome="")
        client = as_person("lead")
        answer = client.post(f"{HERE}lock/", given(client))
        assert answer.status_code == 422
        assert "tick this to lock without it" in answer.content.decode()
        assert client.post(f"{HERE}lock/", given(client, anyway="on")).status_code == 302

    def test_a_month_nobody_knows_the_people_of_needs_a_tick(
        self, as_person: AsPerson, abc: Plan
    ) -> None:
        """Without the capacity nobody knows what fits."""
        abc.months.get(month=date(2026, 10, 1)).delete()
        client = as_person("lead")
        page = client.get(f"{HERE}lock/").content.decode()
        assert "How many people there are in Oct 2026" in page
        assert client.post(f"{HERE}lock/", given(client)).status_code == 422
        assert client.post(f"{HERE}lock/", given(client, anyway="on")).status_code == 302

    @pytest.mark.parametrize(
        ("today", "locked_on", "words"),
        [
            (date(2026, 6, 20), None, "In time: 2026 H2 opens on 1 Jul 2026"),
            (date(2026, 6, 20), date(2026, 6, 10), "decides in place of OP1"),
            (date(2026, 7, 2), date(2026, 6, 10), "OP1 opened 2026 H2"),
            (date(2026, 7, 2), None, "no lock was made by 1 Jul 2026"),
        ],
    )
    def test_it_says_what_in_time_means(
        self,
        as_person: AsPerson,
        abc: Plan,
        cast: Cast,
        today: date,
        locked_on: date | None,
        words: str,
    ) -> None:
        """Ahead of the opening and after it, with and without a lock so far."""
        if locked_on:
            lock(abc, cast, on=locked_on)
        with time_machine.travel(today, tick=False):
            page = as_person("lead").get(f"{HERE}lock/").content.decode()
        assert words in page

    def test_it_says_what_changed_since_the_last_lock(
        self, as_person: AsPerson, abc: Plan, cast: Cast
    ) -> None:
        """With the counts of each kind."""
        lock(abc, cast)
        Initiative.objects.filter(title="B").update(estimate_mpd=26_000)
        page = as_person("lead").get(f"{HERE}lock/").content.decode()
        assert "One item differs between OP1 and the draft: 1 re-estimated; +6 pd in all" in page

    def test_op2_asks_how(self, as_person: AsPerson, abc: Plan, cast: Cast) -> None:
        """What OP1 did not ask for."""
        lock(abc, cast)
        client = as_person("lead")
        answer = client.post(f"{HERE}lock/", given(client, kind="op2"))
        assert answer.status_code == 422
        assert "no how" in answer.content.decode()

    def test_an_amendment_needs_a_reason(self, as_person: AsPerson, abc: Plan, cast: Cast) -> None:
        """The typed day stays in the form."""
        lock(abc, cast)
        client = as_person("lead")
        answer = client.post(
            f"{HERE}lock/",
            given(client, kind="amendment", effective_on="2026-09-21", anyway="on"),
        )
        assert answer.status_code == 422
        assert "Say why the plan is amended." in answer.content.decode()
        assert 'value="2026-09-21"' in answer.content.decode()

    def test_two_clicks_make_one_lock(self, as_person: AsPerson, abc: Plan) -> None:
        """The second answer is that of the first."""
        client = as_person("lead")
        form = given(client)
        assert [client.post(f"{HERE}lock/", form).status_code for _ in range(2)] == [302, 302]
        assert Baseline.objects.count() == 1

    def test_a_plan_that_changed_is_looked_at_again(self, as_person: AsPerson, abc: Plan) -> None:
        """409; what is then locked is the newer plan."""
        client = as_person("lead")
        form = given(client, reason="Agreed")
        client.post(f"{HERE}items/{PlanItem.objects.earliest('pk').pk}/remove/")
        answer = client.post(f"{HERE}lock/", form)
        assert answer.status_code == 409
        assert "the plan has changed since you opened this page" in answer.content.decode()
        assert 'value="Agreed"' in answer.content.decode()
        assert not Baseline.objects.exists()
        assert client.post(f"{HERE}lock/", given(client)).status_code == 302

    @pytest.mark.parametrize(
        "changes", [{"kind": "op3"}, {"effective_on": "soon"}, {"version": "x"}, {"number": "-1"}]
    )
    def test_nonsense_is_refused(
        self, as_person: AsPerson, abc: Plan, changes: dict[str, str]
    ) -> None:
        """Nothing is stored."""
        client = as_person("lead")
        assert client.post(f"{HERE}lock/", given(client) | changes).status_code in {409, 422}
        assert not Baseline.objects.exists()


def spec(page: str) -> dict[str, Any]:
    """Return what Plotly draws."""
    text = page.partition('id="timeline-spec">')[2].partition("</script>")[0]
    found: dict[str, Any] = json.loads(text)
    return found


class TestPlanCompare:
    """Any two states."""

    @pytest.fixture
    def changed(self, abc: Plan, cast: Cast, log: Log) -> Plan:
        """Lock, then add one, drop one, and re-estimate and re-date the other."""
        lock(abc, cast)
        abc.items.get(initiative__title="B").delete()
        PlanItem.objects.create(plan=abc, initiative=log("New", pd=5), position=1)
        row = Initiative.objects.get(title="A")
        row.estimate_mpd, row.due_on = 14_000, date(2026, 8, 21)
        row.save()
        return abc

    def test_it_tells_what_differs(self, as_person: AsPerson, changed: Plan) -> None:
        """Old values are struck through, and all counts are in the sentence."""
        page = as_person("viewer").get(f"{HERE}compare/").content.decode()
        assert "3 items differ" in page or "Three items differ" in page
        for words in ("1 added", "1 removed", "1 re-estimated", "1 re-dated"):
            assert words in page
        assert "<del>10</del> <ins>14</ins>" in page
        assert "<del><bdi>B</bdi></del>" in page

    def test_the_timeline_has_bars_and_ghosts(self, as_person: AsPerson, changed: Plan) -> None:
        """A fortnight as locked, a week longer now; Plotly takes the figure."""
        drawn = spec(as_person("viewer").get(f"{HERE}compare/").content.decode())
        go.Figure({"data": [{k: v for k, v in t.items() if k != "meta"} for t in drawn["data"]]})
        days = {trace["name"]: trace["x"][0] / 86_400_000 for trace in drawn["data"]}
        assert days == {"As OP1 had it": 12, "Planned": 19}
        assert drawn["data"][0]["base"] == ["2026-08-03"]

    def test_any_two_locks_are_compared(
        self, as_person: AsPerson, changed: Plan, cast: Cast
    ) -> None:
        """Both ways round tell the same."""
        lock(changed, cast, "op2", on=TODAY)
        client = as_person("viewer")
        there = client.get(f"{HERE}compare/?a=0&b=1").content.decode()
        back = client.get(f"{HERE}compare/?a=1&b=0").content.decode()
        assert "1 added" in there
        assert "1 added" in back
        assert "<del>14</del> <ins>10</ins>" in back
        same = client.get(f"{HERE}compare/?a=1&b=1").content.decode()
        assert "OP2 says the same as OP2" in same

    def test_it_can_be_fetched_as_csv(self, as_person: AsPerson, changed: Plan, log: Log) -> None:
        """Formulas are neutralised."""
        Initiative.objects.filter(title="New").update(title="=1+1")
        answer = as_person("viewer").get(f"{HERE}compare/?format=csv")
        text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        assert text.startswith("\ufeffKey,Title,Changes,")
        assert ",'=1+1,added," in text

    @pytest.mark.parametrize("query", ["?a=9", "?a=x&b=now", "?b=1%00"])
    def test_unknown_states_are_404(self, as_person: AsPerson, changed: Plan, query: str) -> None:
        """Whatever is in the address."""
        answer = as_person("viewer").get(f"{HERE}compare/{query}")
        assert answer.status_code in {400, 404}

    def test_before_the_first_lock_it_teaches(self, as_person: AsPerson, abc: Plan) -> None:
        """There is nothing to compare with."""
        page = as_person("viewer").get(f"{HERE}compare/").content.decode()
        assert "Nothing has been locked yet" in page

    def test_hostile_titles_are_text(
        self, as_person: AsPerson, plan: Plan, cast: Cast, log: Log
    ) -> None:
        """In the table, the labels and the hover."""
        days = {"target_start": date(2026, 8, 3), "due_on": date(2026, 8, 14)}
        rank(plan, log("</script><b>x</b>", pd=1, **days))
        lock(plan, cast)
        page = as_person("viewer").get(f"{HERE}compare/").content.decode()
        assert "<b>x</b>" not in page
        assert "&lt;b&gt;x&lt;/b&gt;" in spec(page)["layout"]["yaxis"]["ticktext"][0]

    def test_its_queries_do_not_grow(
        self,
        as_person: AsPerson,
        plan: Plan,
        cast: Cast,
        log: Log,
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        """Two hundred items cost what twenty do."""
        rank(plan, *(log(f"Item {number}", pd=1) for number in range(200)))
        lock(plan, cast)
        Initiative.objects.update(estimate_mpd=2000)
        client = as_person("viewer")
        with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
            page = client.get(f"{HERE}compare/")
        assert "200 re-estimated" in page.content.decode()
