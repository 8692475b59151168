"""A person's word against the plan's: given with a reason, withdrawn, and never by accident."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.cast import Cast
from tests.plans import lock, rank
from tracker.actions import overrides
from tracker.actions.errors import Conflict
from tracker.domain.mix import Origin
from tracker.domain.origins import OverrideReason
from tracker.models import Cycle, Initiative, OriginOverride, OriginShift, Plan, TeamCounter

Log = Callable[..., Initiative]


@pytest.fixture
def absent(plan: Plan, cast: Cast, log: Log) -> Initiative:
    """Give an initiative that was declared planned and is not in the plan, which is locked."""
    rank(plan, log("Listed", pd=5, origin="planned"))
    lock(plan, cast)
    return log("Absent", origin="planned")


def override(cast: Cast, it: Initiative, **given: Any) -> OriginOverride:
    """Say planned as the member, or what else is given."""
    words: dict[str, Any] = {
        "by": cast.member,
        "cycle": Cycle.objects.get(),
        "origin": Origin.PLANNED,
        "code": OverrideReason.AGREED_OUTSIDE_PLAN,
        "text": "Agreed in May.",
    }
    return overrides.override(initiative_pk=it.pk, **words | given)


class TestOverride:
    """Whose word counts."""

    def test_it_counts_instead_of_the_plan(self, absent: Initiative, cast: Cast) -> None:
        """Here it brings back what was declared, so that no difference is left."""
        assert OriginShift.objects.get().origin == "opportunistic"
        stamp = TeamCounter.objects.get(team=cast.platform).stamp
        row = override(cast, absent)
        assert (row.by, row.text, row.code) == (
            cast.member,
            "Agreed in May.",
            "agreed-outside-plan",
        )
        assert not OriginShift.objects.exists()
        assert TeamCounter.objects.get(team=cast.platform).stamp > stamp

    def test_sent_twice_it_is_one(self, absent: Initiative, cast: Cast) -> None:
        """A double submit finds its own word there."""
        assert override(cast, absent).pk == override(cast, absent).pk
        assert OriginOverride.history.count() == 1

    @pytest.mark.parametrize("text", ["", "  "])
    def test_it_explains_itself(self, absent: Initiative, cast: Cast, text: str) -> None:
        """Without a text nothing is stored."""
        with pytest.raises(ValidationError, match="Say why"):
            override(cast, absent, text=text)
        assert not OriginOverride.objects.exists()

    def test_it_says_something_else_than_the_plan(self, absent: Initiative, cast: Cast) -> None:
        """What changes nothing would only raise the override rate."""
        with pytest.raises(ValidationError, match="The plan says opportunistic itself"):
            override(cast, absent, origin=Origin.OPPORTUNISTIC)
        with pytest.raises(ValidationError, match="Choose planned or opportunistic"):
            override(cast, absent, origin=Origin.UNCLASSIFIED)

    def test_there_is_nothing_to_override_without_a_lock(self, cast: Cast, log: Log) -> None:
        """The declared origin counts there."""
        cycle = Cycle.objects.create(
            name="FY30", slug="fy30", starts_on=date(2030, 1, 1), ends_before=date(2031, 1, 1)
        )
        with pytest.raises(ValidationError, match="No lock opened FY30"):
            override(cast, log(), cycle=cycle)

    def test_two_people_do_not_overwrite_each_other(self, absent: Initiative, cast: Cast) -> None:
        """The second one had not seen the first one's word."""
        override(cast, absent)
        with pytest.raises(Conflict) as raised:
            override(cast, absent, by=cast.lead, text="Never agreed.")
        assert raised.value.typed == {"override": "planned"}
        assert OriginOverride.objects.get().text == "Agreed in May."

    def test_who_has_seen_it_can_change_it_and_history_keeps_both(
        self, absent: Initiative, cast: Cast
    ) -> None:
        """The words of both stay."""
        seen = overrides.seen_of(override(cast, absent))
        override(cast, absent, by=cast.lead, text="Agreed in June.", seen=seen)
        told = OriginOverride.history.order_by("history_id").values_list(
            "text", "history_user__name"
        )
        assert list(told) == [("Agreed in May.", "Member"), ("Agreed in June.", "Lead")]


class TestWithdraw:
    """The plan's word counts again."""

    def test_it_is_gone_and_stays_in_the_history(self, absent: Initiative, cast: Cast) -> None:
        """Who withdrew it is kept, too."""
        row = override(cast, absent)
        seen = overrides.seen_of(row)
        for _ in range(2):  # a double submit does no harm
            overrides.withdraw(by=cast.lead, initiative_pk=absent.pk, cycle=row.cycle, seen=seen)
        assert not OriginOverride.objects.exists()
        assert OriginShift.objects.get().origin == "opportunistic"
        newest = OriginOverride.history.order_by("-history_id").first()
        assert newest is not None
        assert (newest.history_type, newest.history_user) == ("-", cast.lead)

    def test_not_what_somebody_has_just_changed(self, absent: Initiative, cast: Cast) -> None:
        """The form carried an older state."""
        row = override(cast, absent)
        with pytest.raises(Conflict):
            overrides.withdraw(
                by=cast.lead, initiative_pk=absent.pk, cycle=row.cycle, seen="1/2026-01-01"
            )
        assert OriginOverride.objects.exists()
