"""The life of an initiative: its statuses, the verbs between them, and entries made late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.workdays import WorkCalendar


class Status(StrEnum):
    """Where an initiative stands."""

    PROPOSED = "proposed"
    COMMITTED = "committed"
    ACTIVE = "active"
    PAUSED = "paused"
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What a person does to an initiative."""

    COMMIT = "commit"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    DELIVER = "deliver"
    CANCEL = "cancel"
    DEFER = "defer"
    REOPEN = "reopen"


_UNFINISHED = frozenset({Status.PROPOSED, Status.COMMITTED, Status.ACTIVE, Status.PAUSED})

CLOSED = frozenset({Status.DELIVERED, Status.CANCELLED, Status.DEFERRED})

TRANSITIONS: dict[Verb, tuple[frozenset[Status], Status]] = {
    Verb.COMMIT: (frozenset({Status.PROPOSED}), Status.COMMITTED),
    Verb.START: (frozenset({Status.PROPOSED, Status.COMMITTED}), Status.ACTIVE),
    Verb.PAUSE: (frozenset({Status.ACTIVE}), Status.PAUSED),
    Verb.RESUME: (frozenset({Status.PAUSED}), Status.ACTIVE),
    Verb.DELIVER: (_UNFINISHED - {Status.PROPOSED}, Status.DELIVERED),
    Verb.CANCEL: (_UNFINISHED | {Status.DEFERRED}, Status.CANCELLED),
    Verb.DEFER: (_UNFINISHED, Status.DEFERRED),
    Verb.REOPEN: (
        frozenset({Status.DELIVERED, Status.DEFERRED, Status.CANCELLED}),
        Status.COMMITTED,
    ),
}


PAST = {
    Verb.COMMIT: "committed",
    Verb.START: "started",
    Verb.PAUSE: "paused",
    Verb.RESUME: "resumed",
    Verb.DELIVER: "delivered",
    Verb.CANCEL: "cancelled",
    Verb.DEFER: "deferred",
    Verb.REOPEN: "reopened",
}


@dataclass(frozen=True, slots=True)
class Life:
    """The days from the first that concerns an initiative to the last, ``date.max`` while open."""

    first: date
    last: date

    def touches(self, start: date, end: date) -> bool:
        """Tell whether any of it lies in ``[start, end)``."""
        return self.first < end and self.last >= start


def life_of(
    committed_on: date | None,
    target_start: date | None,
    work: tuple[date | None, date | None],
    ended: Iterable[date | None],
) -> Life | None:
    """Return the life of an initiative; None while it is neither committed nor worked on.

    ``work`` holds the first day of its segments and the day after the last closed one, ``ended``
    the days on which it was delivered, cancelled or deferred.
    """
    if committed_on is None and work[0] is None:
        return None
    first = min(day for day in (committed_on, target_start, work[0]) if day)
    ends = [day for day in ended if day]
    days = (*ends, work[1], target_start, committed_on)
    return Life(first, max(day for day in days if day) if ends else date.max)


def allowed_verbs(status: Status) -> tuple[Verb, ...]:
    """Return the verbs that a status allows, in their natural order."""
    return tuple(verb for verb, (allowed, _) in TRANSITIONS.items() if status in allowed)


def refusal(key: str, status: Status, verb: Verb) -> str:
    """Say why a status does not allow a verb: ``PLAT-4 is committed already``."""
    if TRANSITIONS[verb][1] is status:
        return f"{key} is {status.value} already"
    return f"{key} is {status.value}, so it can't be {PAST[verb]}"


def working_days_late(effective_on: date, recorded_on: date, calendar: WorkCalendar) -> int:
    """Return the working days after a fact's day, up to and including the day of its entry."""
    since = calendar.working_days_through(effective_on, recorded_on)
    return max(0, since - calendar.is_working_day(effective_on))


def is_late(
    effective_on: date,
    recorded_on: date,
    calendar: WorkCalendar,
    *,
    grace_working_days: int = 5,
) -> bool:
    """Tell whether a fact was recorded more than the grace after the day it holds from."""
    return working_days_late(effective_on, recorded_on, calendar) > grace_working_days
