"""A plan as a draft: begun from the last one, ranked, held, said, removed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.cast import TODAY, Cast
from tests.plans import rank
from tracker.actions import plan_items, plans
from tracker.models import Cycle, Initiative, Plan, PlanItem

Log = Callable[..., Initiative]
JULY = date(2026, 7, 1)


def ranked(plan: Plan) -> list[str]:
    """Return the titles in their order, held ones last and in brackets."""
    rows = plan.items.order_by("held_below", "position", "pk").select_related("initiative")
    return [f"({i.initiative.title})" if i.held_below else i.initiative.title for i in rows]


def item(plan: Plan, title: str) -> PlanItem:
    """Return the item of an initiative."""
    found: PlanItem = plan.items.get(initiative__title=title)
    return found


@pytest.fixture
def abc(plan: Plan, log: Log) -> Plan:
    """Give a plan that ranks A, B and C."""
    rank(plan, log("A", pd=1), log("B", pd=2), log("C", pd=3))
    return plan


class TestBegin:
    """A new plan."""

    def test_it_takes_over_people_reserve_and_band(self, plan: Plan, cast: Cast) -> None:
        """The same part is kept back: 100 of 1,320 pd, here of 1,280 (128 working days)."""
        Plan.objects.filter(pk=plan.pk).update(band_lower=100, band_upper=200, band_derail=300)
        after = Cycle.objects.create(
            name="2027 H1",
            slug="2027-h1",
            starts_on=date(2027, 1, 1),
            ends_before=date(2027, 7, 1),
        )
        new, is_new = plans.begin(by=cast.lead, team=cast.platform, cycle=after)
        assert is_new
        assert [month.fte_milli for month in new.months.all()] == [10_000] * 6
        days = sum(month.working_days for month in new.capacities())
        assert new.reserve_mpd == days * 10_000 * 100_000 // 1_320_000 // 1000 * 1000
        assert (new.band_lower, new.band_upper, new.band_derail) == (100, 200, 300)
        assert plans.begin(by=cast.lead, team=cast.platform, cycle=after) == (new, False)


class TestCapacity:
    """What the team can do."""

    def test_it_is_stored_by_month(self, plan: Plan, cast: Cast) -> None:
        """A month nobody knows goes; the version and the history move."""
        saved = plans.set_capacity(
            by=cast.lead,
            plan_pk=plan.pk,
            seen=plans.seen_of(plan),
            fte_by_month={JULY: 2500, date(2026, 12, 1): None},
            reserve_mpd=5000,
            band=(100, 200, 300),
        )
        assert [month.fte_milli for month in plan.months.all()] == [2500, *[10_000] * 4]
        assert (saved.reserve_mpd, saved.band_upper, saved.version) == (5000, 200, 2)
        assert saved.history.first().history_user == cast.lead

    def test_what_somebody_else_changed_is_not_overwritten(self, plan: Plan, cast: Cast) -> None:
        """The second of two people who read the same is told."""
        given = {"fte_by_month": {JULY: 1000}, "reserve_mpd": 1000, "band": None}
        seen = plans.seen_of(plan)
        plans.set_capacity(by=cast.lead, plan_pk=plan.pk, seen=seen, **given)  # type: ignore[arg-type]
        with pytest.raises(plans.StalePlan):
            plans.set_capacity(by=cast.lead, plan_pk=plan.pk, seen=seen, **given)  # type: ignore[arg-type]


class TestRanking:
    """The order of the items."""

    @pytest.mark.parametrize(
        ("title", "to", "expected"),
        [
            ("B", "up", ["B", "A", "C"]),
            ("A", "up", ["A", "B", "C"]),
            ("B", "down", ["A", "C", "B"]),
            ("C", "down", ["A", "B", "C"]),
            ("C", "top", ["C", "A", "B"]),
            ("A", "bottom", ["B", "C", "A"]),
        ],
    )
    def test_an_item_moves(
        self, abc: Plan, cast: Cast, title: str, to: str, expected: list[str]
    ) -> None:
        """Up, down, to either end; at an end it stays."""
        plan_items.move(by=cast.lead, pk=item(abc, title).pk, to=to)
        assert ranked(abc) == expected

    def test_it_goes_before_another(self, abc: Plan, cast: Cast) -> None:
        """As it is dropped; dropped last it has nothing behind it."""
        plan_items.move(by=cast.lead, pk=item(abc, "C").pk, before=item(abc, "B").pk)
        assert ranked(abc) == ["A", "C", "B"]
        plan_items.move(by=cast.lead, pk=item(abc, "A").pk)
        assert ranked(abc) == ["C", "B", "A"]

    def test_there_is_always_room_between_two(self, abc: Plan, cast: Cast) -> None:
        """Thirty drops into the same place use up every gap and still rank right."""
        for turn in range(30):
            moved = "C" if turn % 2 == 0 else "B"
            other = "B" if moved == "C" else "C"
            plan_items.move(by=cast.lead, pk=item(abc, moved).pk, before=item(abc, other).pk)
            assert ranked(abc) == ["A", moved, other]

    def test_a_place_that_is_gone_is_refused(self, abc: Plan, cast: Cast) -> None:
        """Somebody removed it meanwhile."""
        gone = item(abc, "B").pk
        plan_items.remove(by=cast.lead, pk=gone)
        with pytest.raises(ValidationError, match="place is gone"):
            plan_items.move(by=cast.lead, pk=item(abc, "C").pk, before=gone)

    def test_held_items_stand_last_and_come_back_above_the_line(
        self, abc: Plan, cast: Cast
    ) -> None:
        """Held by choice, then ranked again as the last of those that are not."""
        plan_items.hold(by=cast.lead, pk=item(abc, "A").pk, held=True)
        plan_items.hold(by=cast.lead, pk=item(abc, "B").pk, held=True)
        assert ranked(abc) == ["C", "(B)", "(A)"]
        plan_items.hold(by=cast.lead, pk=item(abc, "A").pk, held=False)
        assert ranked(abc) == ["C", "A", "(B)"]

    def test_a_drop_beyond_the_held_ones_ranks_last(self, abc: Plan, cast: Cast) -> None:
        """A ranked item can't stand among those that are held."""
        plan_items.hold(by=cast.lead, pk=item(abc, "C").pk, held=True)
        plan_items.move(by=cast.lead, pk=item(abc, "A").pk, before=item(abc, "C").pk)
        assert ranked(abc) == ["B", "A", "(C)"]


class TestItems:
    """What is in the draft."""

    def test_one_is_added_once(self, abc: Plan, cast: Cast, log: Log) -> None:
        """Again it stays where it is."""
        new = log("D")
        assert len(plan_items.add(by=cast.lead, plan_pk=abc.pk, initiative_ids=[new.pk])) == 1
        assert plan_items.add(by=cast.lead, plan_pk=abc.pk, initiative_ids=[new.pk]) == []
        assert ranked(abc) == ["A", "B", "C", "D"]

    def test_initiatives_of_other_teams_stay_out(self, abc: Plan, cast: Cast, log: Log) -> None:
        """A plan is one team's and those below it."""
        other = log("Other", team=cast.checkout)
        with pytest.raises(ValidationError, match="initiatives of Platform only"):
            plan_items.add(by=cast.lead, plan_pk=abc.pk, initiative_ids=[other.pk])

    def test_a_new_one_is_logged_and_ranked_or_neither(self, abc: Plan, cast: Cast) -> None:
        """It is proposed and planned; without a title nothing is stored."""
        plan_items.add_new(
            by=cast.lead, plan_pk=abc.pk, title="New", estimate_mpd=5000, today=TODAY
        )
        new = Initiative.objects.get(title="New")
        assert (new.status, new.origin, new.estimate_mpd) == ("proposed", "planned", 5000)
        assert ranked(abc)[-1] == "New"
        with pytest.raises(ValidationError):
            plan_items.add_new(
                by=cast.lead, plan_pk=abc.pk, title=" ", estimate_mpd=None, today=TODAY
            )
        assert Initiative.objects.count() == 4

    def test_words_are_said_and_not_overwritten(self, abc: Plan, cast: Cast) -> None:
        """The second of two people who read the same is told, unless both say the same."""
        pk = item(abc, "A").pk
        for text in ("Faster", "Faster"):
            plan_items.say(by=cast.lead, pk=pk, seen={}, words={"outcome": text})
        with pytest.raises(plans.StalePlan):
            plan_items.say(by=cast.lead, pk=pk, seen={"outcome": ""}, words={"outcome": "Slower"})
        assert item(abc, "A").outcome == "Faster"
