"""The items behind each figure of plan against actual."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse

from tracker.domain.baseline import BaselineItem
from tracker.domain.outcomes import Against, Row
from tracker.domain.wording import day_words
from tracker.figures.delivery import ended_words, outcome_words
from tracker.figures.funding import pd, signed
from tracker.queries.delivery import CycleDelivery
from tracker.queries.funding_entries import Named


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as a table shows it; ``cells`` are the texts after its name."""

    key: str
    title: str
    url: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawer:
    """The items behind a figure, folded away; ``total`` is the last line of the table."""

    anchor: str
    label: str
    columns: tuple[str, ...]
    lines: list[ItemLine]
    total: tuple[str, ...] = ()


class Drawers:
    """Makes the drawers of some plans together, given their sums and the period in words."""

    def __init__(self, found: CycleDelivery, told: Against, period: str) -> None:
        self.found, self.told, self.period = found, told, period

    def all(self) -> list[Drawer]:
        """Return the items behind each figure, those without any left out."""
        drawers = [self._due, self._delivered, self._grown, self._moved, self._early]
        return [drawer for drawer in drawers if drawer.lines]

    @property
    def _due(self) -> Drawer:
        rows = [row for row in self.told.rows if row.is_due]
        found = self.told.say_do
        return Drawer(
            "due",
            f"What was due in {self.period}",
            ("Due", "Delivered", "Outcome", "Planned, pd"),
            [
                line_of(
                    self.found,
                    row.entry,
                    day_words(row.entry.due_on),
                    ended_words(row),
                    _kept(row, row.entry.item not in found.missed),
                    _effort(row.entry.effort_mpd),
                )
                for row in sorted(rows, key=_by_due)
            ],
            ("", "", f"{found.done:,} of {found.due:,} delivered", pd(found.due_mpd)),
        )

    @property
    def _delivered(self) -> Drawer:
        rows = [row for row in self.told.rows if row.is_delivered]
        known = self.told.accuracy
        return Drawer(
            "delivered",
            f"Planned items delivered in {self.period}",
            ("Planned, pd", "Took, pd", "Difference, pd"),
            [
                line_of(
                    self.found,
                    row.entry,
                    _effort(row.entry.effort_mpd),
                    _effort(row.actual_mpd),
                    _difference(row.entry.effort_mpd, row.actual_mpd),
                )
                for row in sorted(rows, key=_by_error)
            ],
            (
                pd(known.planned_mpd),
                pd(known.actual_mpd),
                signed(known.actual_mpd - known.planned_mpd),
            ),
        )

    @property
    def _grown(self) -> Drawer:
        rows = [row for row in self.told.rows if _has_both(row)]
        known = self.told.growth
        return Drawer(
            "grown",
            "Items that survive, as planned and as estimated now",
            ("Planned, pd", "Now, pd", "Growth, pd"),
            [
                line_of(
                    self.found,
                    row.entry,
                    _effort(row.entry.effort_mpd),
                    _effort(row.current_mpd),
                    _difference(row.entry.effort_mpd, row.current_mpd),
                )
                for row in sorted(rows, key=_by_growth)
            ],
            (
                pd(known.baseline_mpd),
                pd(known.current_mpd),
                signed(known.current_mpd - known.baseline_mpd),
            ),
        )

    @property
    def _moved(self) -> Drawer:
        lines = []
        for plan in self.found.opened:
            if plan.opening is None or plan.current is None:
                continue
            old = {entry.item: entry for entry in plan.opening.snapshot.planned}
            new = {entry.item: entry for entry in plan.current.snapshot.planned}
            lines += [self._crossed(one, "entered", 1) for one in _only(new, old)]
            lines += [self._crossed(one, "left", -1) for one in _only(old, new)]
        net = self.told.churn.added_mpd - self.told.churn.removed_mpd
        return Drawer(
            "moved",
            "What entered and left the plan since the cycle opened",
            ("", "Planned, pd"),
            lines,
            ("net", signed(net)),
        )

    def _crossed(self, entry: BaselineItem, way: str, sign: int) -> ItemLine:
        amount = "" if entry.effort_mpd is None else signed(sign * entry.effort_mpd)
        return line_of(self.found, entry, way, amount)

    @property
    def _early(self) -> Drawer:
        return Drawer(
            "early",
            "Delivered ahead of their day",
            ("Due", "Delivered", "Early, working days"),
            [
                line_of(
                    self.found,
                    row.entry,
                    day_words(row.entry.due_on),
                    day_words(row.ended_on),
                    f"{-(row.slip or 0):,}",
                )
                for row in self.told.early
            ],
            ("", "", f"{self.told.slips.early:,}"),
        )


def line_of(found: CycleDelivery, entry: BaselineItem, *cells: str) -> ItemLine:
    """Return the line of an item of a baseline."""
    named = found.names.get(entry.item)
    if named is None:  # it was deleted: its name stands as it was locked, without a link
        return ItemLine(entry.key, f"{entry.title} (deleted)", "", cells)
    return named_line(named, *cells)


def named_line(named: Named | None, *cells: str) -> ItemLine:
    """Return the line of an initiative, which may have been deleted."""
    if named is None:
        return ItemLine("", "An initiative that was deleted", "", cells)
    return ItemLine(named.key, named.title, address(named.key), cells)


@lru_cache(8192)
def address(key: str) -> str:
    """Return the address of an initiative by its key, "" without one; long to make, so kept."""
    return reverse("initiative", args=[key]) if key else ""


def _kept(row: Row, is_kept: bool) -> str:
    if row.ended_on is None or is_kept == row.in_time:
        return outcome_words(row)
    return "late, within the period" if is_kept else "after the period"


def _only(mine: dict[int, BaselineItem], others: dict[int, BaselineItem]) -> Iterable[BaselineItem]:
    return (entry for item, entry in mine.items() if item not in others)


def _effort(mpd: int | None) -> str:
    return "none" if mpd is None else pd(mpd)


def _difference(planned: int | None, now: int | None) -> str:
    return "" if planned is None or now is None else signed(now - planned)


def _has_both(row: Row) -> bool:
    return row.entry.effort_mpd is not None and row.current_mpd is not None


def _by_due(row: Row) -> tuple[date, int]:
    return row.entry.due_on or date.max, row.entry.item


def _by_error(row: Row) -> tuple[int, int]:
    return -abs((row.actual_mpd or 0) - (row.entry.effort_mpd or 0)), row.entry.item


def _by_growth(row: Row) -> tuple[int, int]:
    return -abs((row.current_mpd or 0) - (row.entry.effort_mpd or 0)), row.entry.item
