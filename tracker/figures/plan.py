"""A plan in words and marks: the finding, the strip of its capacity, a row an item."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracker.domain.planning import PlacedItem, Placement, PlanSum
from tracker.domain.wording import count_words, pd_number, percent

WAYS = {
    Placement.ABOVE: "",
    Placement.OVERFLOW: "does not fit",
    Placement.HELD: "kept below by choice",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What an item still lacks for the next lock, and whether its team or state has changed."""

    missing: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row shows of its item beside its place: ``pk`` is the item's, not the initiative's."""

    pk: int
    key: str
    title: str
    url: str
    ask: Ask


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar from ``x``, per cent of the picture, as SVG writes it; "" where there is none."""

    x: str
    width: str
    css: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the plan, every value written out. ``way`` says why an item is below the line."""

    facts: Facts
    rank: int
    pd: str
    running: str
    mark: Mark | None
    way: str
    is_first_below: bool

    @property
    def is_below(self) -> bool:
        """Tell whether the item stands below the line."""
        return bool(self.way)


@dataclass(frozen=True, slots=True)
class Strip:
    """The capacity as one bar: what is planned, free or too much, and kept back."""

    planned: Mark
    free: Mark | None
    reserve: Mark | None
    label: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """What the page says and draws."""

    finding: str
    lede: str
    strip: Strip | None
    legend: tuple[tuple[str, str], ...]
    rows: tuple[RowView, ...]
    line: str
    line_x: str
    line_last: bool


def plan_view(
    name: str,
    placed: PlanSum,
    facts: Sequence[Facts],
    capacity: int | None,
    reserve: int,
) -> PlanView:
    """Return the page's words and marks; ``facts`` stand in the order of the rows."""
    scale = _scale(placed, capacity)
    rows = [
        _row(row, fact, scale, first=index == placed.line_at)
        for index, (row, fact) in enumerate(zip(placed.rows, facts, strict=True))
    ]
    available = placed.available_mpd
    return PlanView(
        finding=_finding(name, placed, capacity, reserve),
        lede=_lede(placed),
        strip=_strip(placed, capacity, reserve),
        legend=_legend(placed, capacity, reserve),
        rows=tuple(rows),
        line=_line(placed),
        line_x=_pc(Fraction(max(available, 0), scale)) if available is not None else "",
        line_last=placed.line_at == len(placed.rows) and bool(placed.rows),
    )


def share_of(reserve: int, capacity: int | None) -> Fraction | None:
    """Return the reserve as a share of the capacity, None where that is not known or nothing."""
    return Fraction(reserve, capacity) if capacity else None


def _finding(name: str, placed: PlanSum, capacity: int | None, reserve: int) -> str:
    planned = pd_number(placed.planned_mpd)
    if not placed.rows:
        if capacity is None:
            return f"{name} is not planned yet"
        return f"{name} has {pd_number(capacity)} pd and plans nothing yet"
    if capacity is None:
        return f"{name} plans {planned} pd; how much the team can do is not known yet"
    kept = "nothing" if not reserve else percent(share_of(reserve, capacity))
    return f"{name} plans {planned} of {pd_number(capacity)} pd and keeps {kept} for the unexpected"


def _lede(placed: PlanSum) -> str:
    parts = []
    below = [row for row in placed.rows if row.placement == Placement.OVERFLOW]
    held = sum(row.placement == Placement.HELD for row in placed.rows)
    if below:
        much = f", {pd_number(placed.overflow_mpd)} pd" if placed.overflow_mpd else ""
        parts.append(f"{count_words(len(below), 'item')} below the line{much}: no room for them.")
    if held:
        parts.append(f"{count_words(held, 'item')} kept below by choice.")
    if placed.unestimated:
        items = count_words(placed.unestimated, "item")
        parts.append(f"{items} above the line without an estimate: the sum leaves them out.")
    return " ".join(part[0].upper() + part[1:] for part in parts)


def _strip(placed: PlanSum, capacity: int | None, reserve: int) -> Strip | None:
    if not capacity:
        return None
    planned = Fraction(placed.planned_mpd, capacity)
    kept = Fraction(min(reserve, capacity), capacity)
    free = 1 - planned - kept
    return Strip(
        planned=Mark("0%", _pc(min(planned, Fraction(1))), "m-planned"),
        free=Mark(_pc(planned), _pc(free), "m-free") if free > 0 else None,
        reserve=Mark(_pc(1 - kept), _pc(kept), "m-reserve") if kept else None,
        label=f"Capacity {pd_number(capacity)} pd: {pd_number(placed.planned_mpd)} planned, "
        f"{pd_number(max(0, placed.room_mpd or 0))} free, {pd_number(reserve)} reserve",
    )


def _legend(placed: PlanSum, capacity: int | None, reserve: int) -> tuple[tuple[str, str], ...]:
    if capacity is None:
        return ()
    room = placed.room_mpd or 0
    return (
        ("m-planned", f"{pd_number(placed.planned_mpd)} pd above the line"),
        ("m-free", f"{pd_number(max(0, room))} pd free"),
        (
            "m-reserve",
            f"{pd_number(reserve)} pd reserve, {percent(share_of(reserve, capacity))}",
        ),
    )


def _line(placed: PlanSum) -> str:
    """Return what stands on the line itself."""
    planned, available = pd_number(placed.planned_mpd), placed.available_mpd
    if available is None:
        return f"Line · {planned} pd planned; without the capacity nothing overflows"
    if available < 0:
        return f"Line · the reserve is {pd_number(-available)} pd more than the capacity"
    free = pd_number(available - placed.planned_mpd)
    return f"Line · {planned} of {pd_number(available)} pd planned, {free} free"


def _row(row: PlacedItem, facts: Facts, scale: int, *, first: bool) -> RowView:
    effort = row.estimate_mpd
    is_held = row.placement == Placement.HELD
    mark = None
    if effort and not is_held:
        begin = Fraction(row.running_mpd - effort, scale)
        css = "m-ink" if row.placement == Placement.ABOVE else "m-free"
        mark = Mark(_pc(begin), _pc(Fraction(effort, scale)), css)
    return RowView(
        facts=facts,
        rank=row.rank,
        pd="" if effort is None else pd_number(effort),
        running="" if is_held else pd_number(row.running_mpd),
        mark=mark,
        way=WAYS[row.placement],
        is_first_below=first,
    )


def _scale(placed: PlanSum, capacity: int | None) -> int:
    """Return the mpd that the width of the running sum stands for."""
    sums = [row.running_mpd for row in placed.rows]
    return max([capacity or 0, *sums, 1])


def _pc(number: Fraction) -> str:
    return f"{float(100 * number):.2f}%"
