"""What each initiative adds to a mark."""

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.q1_2026 import Q1
from tracker.domain.contributions import contributions, mix_of
from tracker.domain.facts import Entry
from tracker.domain.mix import Measure, Origin, Weight, period_mix

entries = st.lists(
    st.builds(
        Entry,
        item=st.integers(1, 10**6),
        root=st.integers(1, 4),
        team=st.just(1),
        origin=st.sampled_from(list(Origin)),
        trigger=st.sampled_from(["", "incident"]),
        effort_mpd=st.none() | st.integers(0, 10**6),
        value=st.none() | st.integers(0, 10**6),
    ),
    max_size=15,
)


@given(entries, st.sampled_from(list(Weight)))
def test_contributions_add_up_to_the_mix_of_the_period(
    members: list[Entry], weight: Weight
) -> None:
    expected = period_mix(Q1, Measure.CAPACITY, members).mixes[weight]

    assert mix_of(contributions(members, weight)) == expected


def test_the_first_part_of_a_split_stands_for_all_of_them() -> None:
    parts = [Entry(n, 1, 1, Origin.PLANNED, "", 1, None) for n in (1, 2)]
    other_team = Entry(3, 1, 2, Origin.PLANNED, "", 1, None)

    found = contributions([*parts, other_team], Weight.COUNT)

    assert [part.amount for part in found] == [1, 0, 1]


def test_what_has_no_value_adds_nothing_and_says_so() -> None:
    found = contributions([Entry(1, 1, 1, Origin.PLANNED, "", 1, None)], Weight.VALUE)

    assert found[0].amount is None
