"""A ledger never takes more than there is, in whatever order and by however many at once."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import TODAY, Cast, make_cast
from tests.funding import from_item, from_reserve, fund
from tests.plans import lock, make_plan, rank
from tracker.actions import funding, initiatives
from tracker.actions.funding import seen_of
from tracker.domain.baseline import BaselineKind
from tracker.domain.funding import Manner
from tracker.models import Funding, Initiative, Plan, PlanItem

Log = Callable[..., Initiative]

Step = tuple[str, int, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "change", "remove"]),
        st.integers(0, 2),  # which opportunity
        st.integers(0, 2),  # which planned item, 2 is the reserve
        st.integers(1, 60),
    ),
    max_size=12,
)


@pytest.mark.django_db
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=steps)
def test_random_ledgers_never_take_more_than_there_is(
    moves: list[Step], cast: Cast, log: Log
) -> None:
    Funding.objects.order_by().delete()
    plan = Plan.objects.filter(team=cast.platform).first() or make_plan(cast, reserve_mpd=40_000)
    items = [log(f"Planned {pd}", pd=pd, origin="planned") for pd in (30, 45)]
    PlanItem.objects.filter(plan=plan).delete()
    rank(plan, *items)
    needs = [log(f"Need {n}", pd=30, origin="opportunistic") for n in range(3)]
    for move in moves:
        try:
            play(cast, move, needs, items)
        except ValidationError:
            continue
        taken = {item.pk: 0 for item in items}
        drawn = 0
        for row in list(Funding.objects.order_by()):
            if row.displaced_id:
                taken[row.displaced_id] += row.mpd
            else:
                drawn += row.mpd
        assert all(taken[item.pk] <= (item.estimate_mpd or 0) for item in items)
        assert drawn <= 40_000


def play(cast: Cast, move: Step, needs: list[Initiative], items: list[Initiative]) -> None:
    verb, which, source, pd = move
    ask = from_reserve(pd) if source == 2 else from_item(items[source], pd)
    entry = Funding.objects.filter(opportunity=needs[which]).first()
    if verb == "add":
        fund(cast, needs[which], ask)
    elif entry and verb == "change":
        manner = Manner(entry.manner) if entry.manner else None
        funding.change(
            by=cast.member, entry=entry, seen=seen_of(entry), mpd=pd * 1000, on=TODAY,
            today=TODAY, manner=manner,
        )  # fmt: skip
    elif entry:
        funding.remove(by=cast.member, entry=entry, seen=seen_of(entry))


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_can_not_draw_the_same_reserve() -> None:
    """Of 100 pd both want 60: one gets them, the other is told that 40 are left."""
    cast = make_cast()
    plan = make_plan(cast)
    planned = make(cast, "Job queue", "planned")
    rank(plan, planned)
    lock(plan, cast, BaselineKind.OP1)
    needs = [make(cast, f"Need {n}", "opportunistic") for n in range(2)]
    together, told = Barrier(2), []

    def draw(it: Initiative) -> None:
        try:
            together.wait(timeout=10)
            fund(cast, it, from_reserve(60))
            told.append("taken")
        except ValidationError as error:
            told.append(error.messages[0])
        finally:
            connection.close()

    threads = [Thread(target=draw, args=(it,)) for it in needs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(told) == ["The reserve has 40 pd left to give.", "taken"]
    assert sum(Funding.objects.values_list("mpd", flat=True)) == 60_000


def make(cast: Cast, title: str, origin: str) -> Initiative:
    return initiatives.log(
        by=cast.member, team=cast.platform, today=TODAY, title=title, origin=origin,
        estimate_mpd=50_000,
    )[0]  # fmt: skip
