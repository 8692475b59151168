"""The life of an initiative: its statuses, the verbs between them, and entries made late."""

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
