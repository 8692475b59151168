"""The filters of the list: heads that sort, chips with counts, and the menu of the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import FiscalCalendar, PeriodKind, last_periods
from tracker.domain.lifecycle import Status
from tracker.domain.listing import ME, NONE, Attention, Listing, Sort
from tracker.domain.mix import Origin
from tracker.domain.words import Trigger, label_of
from tracker.models.choices import choices
from tracker.queries.initiatives import Counts
from tracker.queries.teams import TeamNode

Url = Callable[[Listing], str]
HEADS = (
    (Sort.KEY, "Key", "w-key hide-s", True),
    (Sort.TITLE, "Title", "title", False),
    (None, "Origin", "w-from", False),
    (Sort.STATUS, "Status", "w-status hide-s", False),
    (Sort.ESTIMATE, "Est. pd", "num w-1", True),
    (Sort.TARGET, "Target", "w-2 hide-s", False),
    (None, "Owner", "w-who hide-s", False),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is one click away, or that is on and goes by a click."""

    label: str
    url: str
    count: str = ""
    is_on: bool = False
    origin: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``order`` is ascending, descending or "" for one that does not sort."""

    label: str
    css: str
    url: str
    order: str


def heads(listing: Listing, url: Url) -> list[Head]:
    """Return the heads of the columns, with what a click sorts by."""
    return [_head(listing, url, head) for head in HEADS]


def _head(listing: Listing, url: Url, head: tuple[Sort | None, str, str, bool]) -> Head:
    sort, label, css, falls_first = head
    if sort is None:
        return Head(label, css, "", "")
    is_on = listing.sort is sort
    falls = not listing.descending if is_on else falls_first
    order = ("descending" if listing.descending else "ascending") if is_on else "none"
    return Head(label, css, url(listing.but(sort=sort, descending=falls)), order)


def chips(listing: Listing, counts: Counts, counted: Callable[[int], str], url: Url) -> list[Chip]:
    """Return the filters with counts; ``counted`` writes a count in words."""
    found = []
    for origin in (Origin.PLANNED, Origin.OPPORTUNISTIC, Origin.UNCLASSIFIED):
        is_on = listing.origins == (origin.value,)
        goal = listing.but(origins=() if is_on else (origin.value,))
        number = counted(getattr(counts, origin.value))
        found.append(Chip(label_of(origin), url(goal), number, is_on, origin, origin))
    is_on = listing.attention == Attention.UNESTIMATED
    goal = listing.but(attention="" if is_on else Attention.UNESTIMATED.value)
    number = counted(counts.unestimated)
    found.append(Chip("Unestimated", url(goal), number, is_on, key="unestimated"))
    is_on = listing.owner == ME
    goal = listing.but(owner="" if is_on else ME)
    found.append(Chip("Mine", url(goal), counted(counts.mine), is_on, key="mine"))
    return found


def more_chips(it: Listing, url: Url) -> list[Chip]:
    """Return the other filters that are on, each with the list without it."""
    found = []
    if len(it.origins) > 1:
        words = " or ".join(label_of(origin).lower() for origin in it.origins)
        found.append((f"Origin {words}", it.but(origins=())))
    for status in it.statuses:
        rest = tuple(other for other in it.statuses if other != status)
        found.append((label_of(status), it.but(statuses=rest)))
    if it.owner not in ("", ME):
        who = "No owner" if it.owner == NONE else f"Owner {it.owner}"
        found.append((who, it.but(owner="")))
    if it.trigger:
        word = "No trigger" if it.trigger == NONE else label_of(it.trigger)
        found.append((word, it.but(trigger="")))
    if it.label:
        found.append((f"Label {it.label}", it.but(label="")))
    if it.period:
        found.append((it.period.label, it.but(period=None)))
    if it.attention not in ("", Attention.UNESTIMATED):
        found.append((label_of(it.attention), it.but(attention="")))
    return [Chip(label, url(listing), is_on=True) for label, listing in found]


@dataclass(frozen=True, slots=True)
class Menu:
    """What the form of the other filters offers."""

    listing: Listing
    fiscal: FiscalCalendar
    today: date
    tree: Sequence[TeamNode]

    @property
    def origins(self) -> list[tuple[str, str, bool]]:
        """Return the origins, and whether each is chosen."""
        return [(word, name, word in self.listing.origins) for word, name in choices(Origin)]

    @property
    def statuses(self) -> list[tuple[str, str, bool]]:
        """Return the statuses, and whether each is chosen."""
        return [(word, name, word in self.listing.statuses) for word, name in choices(Status)]

    @property
    def triggers(self) -> list[tuple[str, str]]:
        """Return the triggers to choose from."""
        return [*choices(Trigger), (NONE, "No trigger said")]

    @property
    def periods(self) -> list[tuple[str, str]]:
        """Return the periods to choose from, the one that is on among them."""
        fiscal, today = self.fiscal, self.today
        kinds = ((PeriodKind.QUARTER, 8), (PeriodKind.MONTH, 6), (PeriodKind.YEAR, 3))
        found = [p for kind, n in kinds for p in reversed(last_periods(n, kind, today, fiscal))]
        if self.listing.period and self.listing.period not in found:
            found.insert(0, self.listing.period)
        return [(period.slug, period.label) for period in found]

    @property
    def attentions(self) -> list[tuple[str, str]]:
        """Return what may be missing."""
        words = {
            Attention.STALE: "Stale: active, unchanged for 14 days",
            Attention.UNFUNDED: "Unfunded: nobody said what gives way",
        }
        return [(word.value, words.get(word, label_of(word))) for word in Attention]
