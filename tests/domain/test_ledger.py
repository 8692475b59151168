"""Kept sums against sums made anew, whatever was changed in between."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.brute import worked_mix
from tests.domain.strategies import calendars, days, fiscals, kinds, origins, segments
from tracker.domain.calendar import FiscalCalendar, PeriodKind, periods
from tracker.domain.capacity import Segment
from tracker.domain.compact import Facts, OtherOrigin, Work, entered_day
from tracker.domain.folding import Grid
from tracker.domain.ledger import MOST_STEPS, Ledger
from tracker.domain.mix import Measure, Origin, Weight
from tracker.domain.totals import mix_of_totals
from tracker.domain.workdays import WorkCalendar

CALENDAR = WorkCalendar(holidays=frozenset({date(2026, 5, 1), date(2026, 6, 5)}))
BEFORE = date(2026, 9, 1)
FIRST, LAST = date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
GRIDS = (
    Grid(PeriodKind.MONTH, FiscalCalendar()),
    Grid(PeriodKind.QUARTER, FiscalCalendar(start_month=2)),
    Grid.of(date(2026, 3, 10), date(2026, 7, 20)),
)
DAYS = st.integers(FIRST, LAST)
ITEMS = range(1, 9)
rows = st.lists(st.tuples(segments(), origins), max_size=8)


@st.composite
def works(draw: st.DrawFn) -> tuple[Work, ...]:
    found, start = [], draw(DAYS)
    for _ in range(draw(st.integers(0, 2))):
        end = start + draw(st.integers(1, 90))
        found.append(Work(start, end, draw(st.integers(1, 2000)), draw(st.booleans())))
        start = end + draw(st.integers(0, 20))
    if draw(st.booleans()):
        found.append(Work(start, None, 500, assumed=False))
    return tuple(found)


@st.composite
def facts(draw: st.DrawFn, item: int) -> Facts:
    """Give one initiative; some belong together, some count under another origin for a while."""
    parent = draw(st.sampled_from([None, None, None, *range(1, item)]))
    origin = draw(st.sampled_from([each.value for each in Origin]))
    trigger = draw(st.sampled_from(["", "incident"])) if origin == Origin.OPPORTUNISTIC else ""
    maybe_day, amount = st.none() | DAYS, st.none() | st.integers(0, 9000)
    start = draw(DAYS)
    shift = OtherOrigin(start, start + 90, draw(st.sampled_from(["planned", "opportunistic"])))
    shifts = draw(st.sampled_from([(), (), (shift,)]))
    committed = draw(maybe_day)
    sort = (origin, trigger)
    return Facts(
        item,
        1 if parent else None,
        parent,
        sort,
        entered_day(sort, committed, draw(maybe_day), shifts),
        committed,
        draw(maybe_day),
        draw(maybe_day),
        draw(amount),
        draw(amount),
        draw(amount),
        draw(st.booleans()),
        draw(st.none() | st.just(17.0)),
        draw(works()),
        shifts,
    )


@st.composite
def changes(draw: st.DrawFn) -> list[dict[int, Facts]]:
    """Give some changes in turn: initiatives by id; those that are named but missing are gone."""
    turns = []
    for _ in range(draw(st.integers(1, 6))):
        items = draw(st.sets(st.sampled_from(ITEMS), min_size=1, max_size=3))
        turns.append({item: draw(facts(item)) for item in items if draw(st.integers(0, 4))})
        turns[-1] |= dict.fromkeys(items - turns[-1].keys())  # type: ignore[arg-type]
    return turns


def work_of(segment: Segment) -> Work:
    end = segment.end.toordinal() if segment.end else None
    return Work(segment.start.toordinal(), end, segment.fte_milli, segment.assumed)


def said(ledger: Ledger) -> list[object]:
    found: list[object] = [len(ledger), ledger.unclassified, ledger.unestimated]
    found.append(ledger.untouched_since(20.0))
    for measure in Measure:
        found.append(ledger.first(measure, date(2026, 2, 1), BEFORE))
        for grid in GRIDS:
            sums = ledger.fold(measure, grid, BEFORE).sums
            found.append({key: period for key, period in sums.items() if period})
    return found


class TestLedger:
    @settings(max_examples=150, deadline=None)
    @given(turns=changes(), asked=st.lists(st.booleans(), min_size=6, max_size=6))
    def test_says_after_changes_what_a_new_one_says(
        self, turns: list[dict[int, Facts | None]], asked: list[bool]
    ) -> None:
        ledger, known = Ledger(CALENDAR, ()), dict[int, Facts]()
        said(ledger)
        for turn, ask in zip(turns, asked, strict=False):
            now = {item: each for item, each in turn.items() if each is not None}
            ledger.change(turn, now)
            known = {item: each for item, each in known.items() if item not in turn} | now
            if ask:
                assert said(ledger) == said(Ledger(CALENDAR, known.values()))
        assert said(ledger) == said(Ledger(CALENDAR, known.values()))

    @given(rows, calendars, days, fiscals, kinds)
    def test_work_is_what_counting_its_segments_gives(
        self,
        drawn: list[tuple[Segment, Origin]],
        calendar: WorkCalendar,
        before: date,
        fiscal: FiscalCalendar,
        kind: PeriodKind,
    ) -> None:
        items = [
            Facts(number, None, None, (origin.value, ""), works=(work_of(segment),))
            for number, (segment, origin) in enumerate(drawn)
        ]
        fold = Ledger(calendar, items).fold(Measure.CAPACITY, Grid(kind, fiscal), before)
        for period in periods(kind, date(2025, 5, 1), date(2026, 12, 1), fiscal):
            found = mix_of_totals(fold.totals(period.start.toordinal()), Weight.EFFORT)
            assert found == worked_mix(drawn, period, before, calendar)

    def test_a_sum_that_missed_too_many_changes_is_made_anew(self) -> None:
        work = Work(FIRST, FIRST + 7, 1000, assumed=False)
        ledger = Ledger(CALENDAR, ())
        said(ledger)
        for number in range(MOST_STEPS + 5):
            one = Facts(number % 7, None, None, ("planned", ""), works=(work,))
            ledger.change([one.item], {one.item: one})
        assert said(ledger) == said(Ledger(CALENDAR, ledger.items.values()))
