"""What a list of initiatives asks for: its filters, its order and where the page begins."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from tracker.domain.calendar import Period

ME, NONE = "me", "none"
ALL = "all"


class Attention(StrEnum):
    """What an initiative may lack."""

    UNFUNDED = "unfunded"
    UNCLASSIFIED = "unclassified"
    UNESTIMATED = "unestimated"
    STALE = "stale"


class Sort(StrEnum):
    """By what the list is ordered."""

    KEY = "key"
    TITLE = "title"
    STATUS = "status"
    ESTIMATE = "estimate"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Listing:
    """The filters of a list; the empty ones are all that is usual.

    ``owner`` is me, none, or a name or e-mail address as people type it; ``label`` a name.
    ``after`` and ``before`` are the ids of the rows the page begins behind or ends ahead of.
    """

    team: str = ""
    q: str = ""
    origins: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    owner: str = ""
    trigger: str = ""
    label: str = ""
    period: Period | None = None
    attention: str = ""
    sort: Sort = Sort.KEY
    descending: bool = True
    after: int | None = None
    before: int | None = None

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything but the team narrows the list."""
        asked = (self.q, self.origins, self.statuses, self.owner, self.trigger, self.label)
        return any(asked) or self.period is not None or bool(self.attention)

    def but(self, **changes: Any) -> Self:
        """Return the same list with other filters, from its first page."""
        return replace(self, **{"after": None, "before": None, **changes})

    def params(self) -> list[tuple[str, str]]:
        """Return the address's parameters in their order, those that say nothing new left out."""
        order = ("-" if self.descending else "") + self.sort
        pairs = [
            ("team", self.team),
            ("q", self.q),
            *(("origin", origin) for origin in self.origins),
            *(("status", status) for status in self.statuses),
            ("owner", self.owner),
            ("trigger", self.trigger),
            ("label", self.label),
            ("period", self.period.slug if self.period else ""),
            ("attention", self.attention),
            ("sort", "" if order == f"-{Sort.KEY}" else order),
            ("after", str(self.after or "")),
            ("before", str(self.before or "")),
        ]
        return [(name, value) for name, value in pairs if value]
