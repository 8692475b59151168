"""Hypothesis strategies for plans: baseline items, snapshots, baselines, lineages."""

from datetime import date

from hypothesis import strategies as st

from tests.domain.strategies import days
from tracker.domain.baseline import Baseline, BaselineItem, BaselineKind, Snapshot

ids = st.integers(1, 12)
efforts = st.none() | st.integers(1, 200_000)
texts = st.text("ab", max_size=2)
lineages = st.dictionaries(ids, st.lists(ids, max_size=2).map(tuple), max_size=10)


@st.composite
def ranked_items(draw: st.DrawFn) -> tuple[BaselineItem, ...]:
    """Draw items in any order of ids, ranked from 1."""
    items = draw(st.lists(ids, unique=True, max_size=10))
    return tuple(
        BaselineItem(
            item,
            rank,
            draw(efforts),
            draw(st.none() | days),
            draw(st.none() | days),
            draw(st.none() | st.integers(0, 9)),
            draw(st.none() | st.integers(1, 4000)),
            draw(st.booleans()),
            title=draw(texts),
        )
        for rank, item in enumerate(items, 1)
    )


snapshots = st.builds(
    Snapshot, ranked_items(), st.none() | st.integers(0, 10**6), st.integers(0, 10**5)
)
near = st.dates(date(2025, 6, 1), date(2026, 12, 31))
baselines = st.builds(
    Baseline,
    st.just(1),
    st.just(1),
    st.integers(0, 9),
    st.sampled_from(list(BaselineKind)),
    near,
    near,
    snapshots,
)
