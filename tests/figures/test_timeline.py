"""The timeline of one initiative."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.figures.timeline import Timeline, Work, timeline

TODAY = date(2026, 9, 18)
FIRST = Work(date(2026, 8, 24), date(2026, 8, 29), 1000, 5000)
OPEN = Work(date(2026, 9, 9), None, 1000, 7000)


def drawn(*works: Work, **more: object) -> Timeline:
    given = {"origin": "opportunistic", "today": TODAY} | more
    found = timeline(works, **given)  # type: ignore[arg-type]
    assert found is not None
    return found


def number(text: str) -> float:
    return float(text.removesuffix("%"))


def test_nothing_known_is_nothing_drawn() -> None:
    assert timeline([], origin="planned", today=TODAY) is None


def test_work_carries_the_pattern_of_its_origin() -> None:
    assert [bar.css for bar in drawn(FIRST).bars] == ["m-opp"]
    assert [bar.css for bar in drawn(FIRST, origin="planned").bars] == ["m-planned"]
    assert [bar.css for bar in drawn(FIRST, origin="unclassified").bars] == ["m-unclassified"]


def test_an_open_segment_ends_where_today_ends_and_the_way_to_the_target_follows_dashed() -> None:
    picture = drawn(FIRST, OPEN, target=date(2026, 10, 2))
    _, work, ghost = picture.bars
    assert picture.today is not None
    end = number(work.x) + number(work.width)
    assert abs(end - number(picture.today.x)) < 0.1
    assert ghost.css == "m-ghost"
    assert abs(number(ghost.x) - end) < 0.1
    assert picture.shows_the_way


def test_a_bar_is_as_long_as_its_days() -> None:
    bars = drawn(Work(date(2026, 8, 3), date(2026, 8, 13), 1000, 1), FIRST).bars
    assert abs(number(bars[0].width) / number(bars[1].width) - 2) < 0.01


def test_what_is_over_leads_nowhere() -> None:
    assert not drawn(FIRST, target=date(2026, 10, 2), is_open=False).shows_the_way


def test_labels_of_neighbours_never_overlap() -> None:
    days = [Work(date(2026, 9, n), date(2026, 9, n + 1), 1000, 1000) for n in range(1, 15)]
    places = [number(bar.label_x) for bar in drawn(*days).bars if bar.label]
    assert all(later - earlier >= 13 for earlier, later in pairwise(places))


def test_the_sentence_says_what_the_picture_shows() -> None:
    label = drawn(FIRST, OPEN, target=date(2026, 10, 2)).label
    assert label == (
        "Timeline. Worked 24 to 28 Aug 2026 at 1 FTE; from 9 Sep 2026 at 1 FTE; "
        "target 2 Oct 2026; today is 18 Sep 2026."
    )


@given(
    start=st.dates(),
    length=st.integers(1, 4000),
    target=st.none() | st.dates(max_value=date(9999, 12, 30)),
)
def test_everything_stays_inside_the_picture(start: date, length: int, target: date | None) -> None:
    end = date.fromordinal(min(start.toordinal() + length, date.max.toordinal()))
    if end <= start:
        return
    picture = drawn(Work(start, end, 1000, 1), target=target)
    assert len(picture.ticks) <= 8
    for bar in picture.bars:
        assert number(bar.x) >= 0
        assert number(bar.x) + number(bar.width) <= 100.5
    for tick in picture.ticks:
        assert 0 <= number(tick.x) <= 100
