"""Restatements: contributions add up, causes are named, and what was reported stays."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.q1_2026 import AFTERWARDS, CALENDARS, ITEMS, Q1
from tests.domain.strategies import items as drawn_items
from tracker.domain.capacity import Segment
from tracker.domain.closing import closes_on, is_due
from tracker.domain.facts import Item
from tracker.domain.mix import Measure, Mix, Origin, Weight, entries, period_mix
from tracker.domain.restatement import (
    Cause,
    Facts,
    Restatement,
    Revision,
    cause_of,
    merged_revisions,
    replayed,
    restate,
)
from tracker.domain.workdays import WorkCalendar

CLOSE = datetime(2026, 4, 8, tzinfo=UTC)
A, D = ITEMS[0], ITEMS[3]


@st.composite
def revisions(draw: st.DrawFn) -> Revision:
    """Draw a change of one of five items within ten hours, removals included."""
    number = draw(st.integers(1, 5))
    facts = draw(st.none() | drawn_items)
    return Revision(
        CLOSE + timedelta(hours=draw(st.integers(0, 9))),
        draw(st.integers(1, 10**6)),
        number,
        replace(facts, item=number) if facts else None,
    )


changes = st.lists(revisions(), max_size=8, unique_by=lambda revision: revision.sequence)
portfolios = st.dictionaries(st.integers(1, 5), drawn_items, max_size=5).map(
    lambda rows: {number: replace(item, item=number) for number, item in rows.items()}
)
measures = st.sampled_from([Measure.CAPACITY, Measure.INTAKE_GROSS, Measure.DELIVERED])


def mix_of(facts: Facts, measure: Measure = Measure.CAPACITY) -> Mix:
    year = replace(Q1, start=date(2024, 1, 1), end=date(2029, 1, 1))
    members = entries(
        tuple(facts.values()), year, measure, before=date(2030, 1, 1), calendar_of_team=CALENDARS
    )
    return period_mix(year, measure, members).mixes[Weight.EFFORT]


@given(portfolios, changes, measures)
def test_contributions_telescope_exactly_to_the_total(
    facts: dict[int, Item], recorded: list[Revision], measure: Measure
) -> None:
    found = restate(facts, recorded, lambda known: mix_of(known, measure))

    assert found.reported == mix_of(facts, measure)
    assert found.current == mix_of(replayed(facts, recorded), measure)
    befores = [found.reported, *(step.after for step in found.steps)]
    assert [step.before for step in found.steps] == befores[:-1]
    assert befores[-1] == found.current
    if found.total is not None:
        assert sum((step.contribution or 0 for step in found.steps), Fraction(0)) == found.total


@given(portfolios, changes, st.integers(0, 10))
def test_as_known_by_replay_equals_what_was_seen_then(
    facts: dict[int, Item], recorded: list[Revision], hours: int
) -> None:
    moment = CLOSE + timedelta(hours=hours)
    seen = dict(facts)
    for revision in sorted(recorded, key=lambda one: (one.at, one.sequence)):
        if revision.at < moment and revision.facts:
            seen[revision.item] = revision.facts
        elif revision.at < moment:
            seen.pop(revision.item, None)

    assert replayed(facts, recorded, moment) == seen


@given(portfolios, changes, st.randoms(use_true_random=False))
def test_the_order_in_which_changes_are_read_does_not_matter(
    facts: dict[int, Item], recorded: list[Revision], chance: random.Random
) -> None:
    shuffled = chance.sample(recorded, len(recorded))

    assert restate(facts, shuffled, mix_of) == restate(facts, recorded, mix_of)


@given(portfolios, changes, changes)
def test_a_restatement_goes_on_where_an_earlier_one_ended(
    facts: dict[int, Item], first: list[Revision], more: list[Revision]
) -> None:
    later = [replace(one, at=one.at + timedelta(days=1)) for one in more]

    earlier = restate(facts, first, mix_of)
    rest = restate(replayed(facts, first), later, mix_of)
    whole = restate(facts, [*first, *later], mix_of)

    assert rest.reported == earlier.current
    assert whole.current == rest.current
    assert len(whole.steps) == len(earlier.steps) + len(rest.steps)


@given(portfolios, changes)
def test_what_was_reported_is_never_touched(
    facts: dict[int, Item], recorded: list[Revision]
) -> None:
    as_it_was = dict(facts)

    restate(facts, recorded, mix_of)

    assert facts == as_it_was


def test_changes_that_leave_the_mix_alone_are_no_steps() -> None:
    facts = {item.item: item for item in ITEMS}
    renamed = Revision(CLOSE, 1, A.item, replace(A, commit_value=1))

    found = restate(facts, [renamed], mix_of)

    assert not found.is_restated
    assert found.steps == ()
    assert found.total == 0


def test_a_change_of_volume_alone_is_a_restatement_with_no_points() -> None:
    twice = [
        Item(n, n, 1, Origin(origin), segments=(Segment(Q1.start, Q1.end, 1000),))
        for n, origin in ((1, "planned"), (2, "opportunistic"))
    ]
    more = Item(3, 3, 1, Origin.UNCLASSIFIED, segments=twice[0].segments)

    found = restate({one.item: one for one in twice}, [Revision(CLOSE, 1, 3, more)], mix_of)

    assert found.is_restated
    assert found.total == 0
    assert [step.contribution for step in found.steps] == [0]


def test_a_figure_that_passes_through_no_data_still_adds_up() -> None:
    recorded = [Revision(CLOSE, 1, A.item, None), Revision(CLOSE, 2, D.item, D)]

    found = restate({A.item: A}, recorded, mix_of)

    assert [step.after.share for step in found.steps] == [None, 1]
    assert [step.contribution for step in found.steps] == [0, 1]
    assert found.total == 1


def test_from_no_data_there_is_no_difference_to_tell() -> None:
    found = restate({}, [Revision(CLOSE, 1, D.item, D), Revision(CLOSE, 2, A.item, A)], mix_of)

    assert found.total is None
    assert found.steps[0].contribution is None
    assert found.steps[1].after.share is not None
    assert found.steps[1].contribution == found.steps[1].after.share - 1


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        (None, Cause.REMOVAL),
        (replace(A, origin=Origin.OPPORTUNISTIC, segments=()), Cause.RETAG),
        (replace(A, trigger="incident"), Cause.RETAG),
        (
            replace(A, segments=(*A.segments, Segment(Q1.start, Q1.end, 500))),
            Cause.LATE_ENTRY,
        ),
        (replace(A, segments=()), Cause.DATE_CORRECTION),
        (
            replace(A, segments=(Segment(Q1.start, Q1.end, 500), Segment(Q1.end, None, 500))),
            Cause.DATE_CORRECTION,
        ),
        (replace(A, delivered_on=date(2026, 2, 12)), Cause.DATE_CORRECTION),
        (
            replace(A, segments=(replace(A.segments[0], fte_milli=500),)),
            Cause.EFFORT_CORRECTION,
        ),
        (replace(A, commit_effort_mpd=1), Cause.EFFORT_CORRECTION),
        (replace(A, commit_value=1), Cause.VALUE_CORRECTION),
        (replace(A, root=99), Cause.LINEAGE),
        (replace(A, team=2), Cause.OTHER),
    ],
)
def test_each_change_has_its_cause(after: Item | None, cause: Cause) -> None:
    assert cause_of(A, after) == cause


def test_an_item_that_was_not_there_is_a_late_entry() -> None:
    assert cause_of(None, A) == Cause.LATE_ENTRY


def test_causes_are_counted_the_most_frequent_first() -> None:
    facts = {A.item: A}
    shorter = replace(A.segments[0], end=date(2026, 2, 7))
    recorded = [
        Revision(CLOSE, 1, D.item, D),
        Revision(CLOSE, 2, A.item, replace(A, segments=(shorter,))),
        Revision(CLOSE, 3, A.item, A),
    ]

    found: Restatement = restate(facts, recorded, mix_of)

    assert list(found.causes.items()) == [(Cause.DATE_CORRECTION, 2), (Cause.LATE_ENTRY, 1)]


def test_one_save_of_an_item_and_its_segments_is_one_change() -> None:
    first, last = Revision(CLOSE, 1, 1, replace(A, segments=())), Revision(CLOSE, 3, 1, A)
    other = Revision(CLOSE, 2, D.item, D)

    assert merged_revisions([last, other, first]) == (other, last)


def test_a_period_closes_five_working_days_after_its_end_without_holidays() -> None:
    easter = WorkCalendar(holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))

    assert closes_on(Q1, easter) == date(2026, 4, 10)
    assert not is_due(Q1, easter, date(2026, 4, 9))
    assert is_due(Q1, easter, date(2026, 4, 10))
    assert is_due(Q1, easter, AFTERWARDS)
