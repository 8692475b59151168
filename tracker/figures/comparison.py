"""What differs between two states of a plan, in words: old values, new values, why it is listed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.baseline import BaselineItem, PlanCycle, Snapshot
from tracker.domain.comparison import ChangeKind, Comparison, ItemChange
from tracker.domain.effort import format_pd
from tracker.domain.wording import count_words, day_words, fte_words, pd_number, span_words

WORDS = {
    ChangeKind.ADDED: "added",
    ChangeKind.REMOVED: "removed",
    ChangeKind.RAISED: "raised above the line",
    ChangeKind.LOWERED: "lowered below the line",
    ChangeKind.RE_ESTIMATED: "re-estimated",
    ChangeKind.RE_DATED: "re-dated",
    ChangeKind.RE_RANKED: "re-ranked",
    ChangeKind.RE_VALUED: "re-valued",
    ChangeKind.RE_STAFFED: "re-staffed",
    ChangeKind.RE_WORDED: "re-worded",
}
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Pair:
    """An old and a new value; only one of them where they are the same or one is missing."""

    old: str = ""
    new: str = ""
    same: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: an item that differs."""

    key: str
    title: str
    url: str
    rank: Pair
    pd: Pair
    growth: str
    dates: Pair
    why: str
    more: list[tuple[str, Pair]]
    is_gone: bool


def finding(old: str, new: str, found: Comparison) -> str:
    """Return how many items differ in which way, in a sentence."""
    told = "the draft" if new == "now" else new
    if found.is_empty:
        return f"{told[0].upper()}{told[1:]} says the same as {old}"
    counts = [f"{number} {WORDS[kind]}" for kind, number in found.counts.items()]
    parts = [
        count_words(len(found.changes), "item")
        + (" differs" if len(found.changes) == 1 else " differ")
    ]
    growth = sum(change.growth_mpd for change in found.changes)
    parts[0] += f" between {old} and {told}"
    text = (
        f"{parts[0]}: {', '.join(counts)}"
        if counts
        else f"Only the capacity differs between {old} and {told}"
    )
    text = text[0].upper() + text[1:]
    return f"{text}; {signed(growth)} pd in all" if growth else text


def opening_words(cycle: str, span: PlanCycle, today: date, opened: str) -> str:
    """Return what a lock made today means for what counts as planned in the cycle.

    ``opened`` names the lock in time that decides it so far, "" where there is none.
    """
    bound = day_words(span.opening_bound)
    grace = f", with {count_words(span.grace_days, 'day')} of grace," if span.grace_days else ""
    if today <= span.opening_bound:
        instead = f" in place of {opened}" if opened else ""
        return (
            f"In time: {cycle} opens on {day_words(span.start)}{grace} with the last lock made by "
            f"{bound} that holds by then. If this one does, it decides{instead} what counts as "
            f"planned: what stands above its line."
        )
    if opened:
        return (
            f"Late for the opening: {opened} opened {cycle}, and only locks made by {bound} could. "
            f"What this one adopts stays opportunistic until the next cycle."
        )
    return (
        f"Late for the opening: no lock was made by {bound}. If this is the first that holds from "
        f"then or earlier, it decides after all what counts as planned in {cycle}, and is marked "
        f"as recorded late."
    )


def signed(mpd: int) -> str:
    """Return effort with its sign, 0 as it is."""
    sign = "+" if mpd > 0 else MINUS if mpd < 0 else ""
    return f"{sign}{pd_number(abs(mpd))}"


def unchanged(found: Comparison, new: Snapshot) -> list[BaselineItem]:
    """Return the items that are the same in both, by rank."""
    changed = {change.item for change in found.changes}
    same = (entry for entry in new.items if entry.item not in changed)
    return sorted(same, key=lambda entry: entry.rank)


def comparison_rows(found: Comparison, url: Callable[[str], str]) -> list[Row]:
    """Return the rows of the table, in the order of the newer plan."""
    return [_row(change, url) for change in found.changes]


def sum_rows(old: Snapshot, new: Snapshot) -> list[tuple[str, str, str]]:
    """Return label, old and new pd of what is above the line, of the capacity and the reserve."""
    pairs = {
        "Above the line": (old.planned_mpd, new.planned_mpd),
        "Reserve": (old.reserve_mpd, new.reserve_mpd),
        "Capacity": (old.capacity_mpd, new.capacity_mpd),
    }
    return [(label, _known(before), _known(after)) for label, (before, after) in pairs.items()]


def _known(mpd: int | None) -> str:
    return "not known" if mpd is None else pd_number(mpd)


_COLUMNS: dict[str, Callable[[BaselineItem], object]] = {
    "Rank": lambda one: one.rank,
    "Above the line": lambda one: "yes" if one.above_line else "no",
    "Effort pd": lambda one: _number(one.effort_mpd),
    "First day": lambda one: one.start_on,
    "Last day": lambda one: one.due_on,
    "Value": lambda one: one.value,
    "FTE": lambda one: _number(one.fte_milli),
    "Title": lambda one: one.title,
    "Outcome": lambda one: one.outcome,
    "Measured by": lambda one: one.measured_by,
    "How": lambda one: one.approach,
}


def _number(milli: int | None) -> str:
    return "" if milli is None else format_pd(milli).replace(",", "")


def csv_rows(old: str, new: str, found: Comparison) -> Iterable[Sequence[object]]:
    """Yield the comparison as rows of a file: every value of both states."""
    sides = (old, new)
    yield ["Key", "Title", "Changes", *(f"{name}, {one}" for name in _COLUMNS for one in sides)]
    for change in found.changes:
        entry = change.new or change.old
        key, title = (entry.key, entry.title) if entry else ("", "")
        cells = [
            read(one) if one else ""
            for read in _COLUMNS.values()
            for one in (change.old, change.new)
        ]
        yield [key, title, ", ".join(_why(change)), *cells]


def _row(change: ItemChange, url: Callable[[str], str]) -> Row:
    entry = change.new or change.old
    key, title = (entry.key, entry.title) if entry else ("", "")
    return Row(
        key=key,
        title=title,
        url=url(key),
        rank=_rank(change),
        pd=_pair(change, _effort),
        growth=signed(change.growth_mpd) if change.growth_mpd else "",
        dates=_pair(change, _dates),
        why=", ".join(_why(change)),
        more=_more(change),
        is_gone=change.new is None,
    )


_MORE: dict[str, Callable[[BaselineItem], str]] = {
    "Key": lambda one: one.key,
    "Title": lambda one: one.title,
    "People": lambda one: fte_words(one.fte_milli) or "not known",
    "Value": lambda one: "none" if one.value is None else f"{one.value:,}",
    "Expected outcome": lambda one: one.outcome or "nothing",
    "How it is measured": lambda one: one.measured_by or "nothing",
    "How it is done": lambda one: one.approach or "nothing",
}


def _more(change: ItemChange) -> list[tuple[str, Pair]]:
    """Return what else differs in an item that both have, by its name."""
    if change.old is None or change.new is None:
        return []
    pairs = [(name, _pair(change, told)) for name, told in _MORE.items()]
    return [(name, pair) for name, pair in pairs if pair.old]


def _pair(change: ItemChange, told: Callable[[BaselineItem], str]) -> Pair:
    old = told(change.old) if change.old else ""
    new = told(change.new) if change.new else ""
    return Pair(same=new) if old == new else Pair(old, new)


def _rank(change: ItemChange) -> Pair:
    """Return the ranks; one that only others' moves have shifted is no change of its own."""
    if change.old and change.new and ChangeKind.RE_RANKED not in change.kinds:
        return Pair(same=str(change.new.rank))
    return _pair(change, lambda one: str(one.rank))


def _effort(entry: BaselineItem) -> str:
    return "none" if entry.effort_mpd is None else pd_number(entry.effort_mpd)


def _dates(entry: BaselineItem) -> str:
    return span_words(entry.start_on, entry.due_on) or "no days"


def _why(change: ItemChange) -> list[str]:
    return [WORDS[kind] for kind in change.kinds]
