"""Writes of work segments, each through its initiative: locked, checked, with history.

A segment is part of what the initiative's page shows, so that its writes raise the initiative's
version. They don't conflict by that version, though: they carry the segment as it was read
(``seen``), and so clash with another change of the same segment only.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from tracker.actions.errors import Conflict
from tracker.actions.initiatives import write
from tracker.domain.lifecycle import Status
from tracker.domain.wording import day_words, segment_words
from tracker.models import Initiative, User, WorkSegment


def seen_of(segment: WorkSegment) -> str:
    """Return a segment's state as a form carries it."""
    end = segment.ends_before.isoformat() if segment.ends_before else ""
    return f"{segment.starts_on.isoformat()}/{end}/{segment.fte_milli}"


def words_of(segment: WorkSegment) -> str:
    """Return a segment in words."""
    return segment_words(segment.starts_on, segment.ends_before, segment.fte_milli)


def add(
    *,
    by: User,
    initiative_pk: int,
    starts_on: date,
    ends_before: date | None,
    fte_milli: int,
    reason: str = "",
) -> Initiative:
    """Log a stretch of work and return its initiative.

    Sending the same twice makes one segment. Raises ValidationError where it overlaps another
    one or does not fit the status.
    """

    def change(initiative: Initiative) -> None:
        segment = WorkSegment(
            initiative=initiative,
            starts_on=starts_on,
            ends_before=ends_before,
            fte_milli=fte_milli,
        )
        if any(seen_of(other) == seen_of(segment) for other in initiative.segments.all()):
            return
        _check(initiative, segment)
        _save(segment, by)

    return write(initiative_pk, None, {}, change, reason, works=True)


def change(
    *,
    by: User,
    segment: WorkSegment,
    seen: str,
    starts_on: date,
    ends_before: date | None,
    fte_milli: int,
    reason: str = "",
) -> Initiative:
    """Correct a segment and return its initiative.

    Raises Conflict where it is no longer what was ``seen``, and ValidationError as ``add``.
    """

    def apply(current: WorkSegment) -> None:
        was_open = current.ends_before is None
        if current.fte_milli != fte_milli:
            current.fte_assumed = False
        current.starts_on, current.ends_before = starts_on, ends_before
        current.fte_milli = fte_milli
        _check(current.initiative, current, was_open=was_open)
        _save(current, by)

    return _change(segment, seen, apply, reason)


def remove(*, by: User, segment: WorkSegment, seen: str, reason: str = "") -> Initiative:
    """Take a segment back and return its initiative; its history stays."""

    def apply(current: WorkSegment) -> None:
        if current.ends_before is None and current.initiative.status == Status.ACTIVE:
            raise ValidationError(
                "It is being worked on. Pause it instead, as of the day the segment began."
            )
        current._history_user = by
        current.delete()

    return _change(segment, seen, apply, reason)


def _change(
    segment: WorkSegment, seen: str, apply: Callable[[WorkSegment], None], reason: str
) -> Initiative:
    def change(initiative: Initiative) -> None:
        current = initiative.segments.filter(pk=segment.pk).first()
        if current is None or seen_of(current) != seen:
            raise Conflict(initiative, {"segment": current and words_of(current)})
        current.initiative = initiative
        apply(current)

    return write(segment.initiative_id, None, {}, change, reason, works=True)


def _save(segment: WorkSegment, by: User) -> None:
    segment._history_user = by
    segment.save()


def _check(initiative: Initiative, segment: WorkSegment, *, was_open: bool = False) -> None:
    """Refuse what does not fit the status, then what overlaps."""
    if segment.ends_before and segment.ends_before <= segment.starts_on:
        raise ValidationError({"last_day": "The last day lies before the first."})
    _check_status(initiative, segment, was_open=was_open)
    for other in initiative.segments.exclude(pk=segment.pk):
        begins_before_end = other.ends_before is None or segment.starts_on < other.ends_before
        if begins_before_end and (
            segment.ends_before is None or other.starts_on < segment.ends_before
        ):
            raise ValidationError(
                f"That overlaps with {words_of(other)}. Choose days outside it, or change it first."
            )


def _check_status(initiative: Initiative, segment: WorkSegment, *, was_open: bool) -> None:
    status, end = initiative.status, segment.ends_before
    if status == Status.PROPOSED:
        raise ValidationError("It is only proposed. Start it, as of the day the work began.")
    if end is None and status != Status.ACTIVE:
        raise ValidationError({"last_day": f"It is {status}, so the segment needs a last day."})
    if end is not None and was_open and status == Status.ACTIVE:
        raise ValidationError(
            {"last_day": "It is active, so this segment stays open. Pause or deliver it instead."}
        )
    closed_on = getattr(initiative, f"{status}_on", None)
    if end is None or closed_on is None or status == Status.COMMITTED:
        return
    if end > closed_on + timedelta(days=1):
        raise ValidationError(
            {"last_day": f"It was {status} on {day_words(closed_on)}. End the work by then."}
        )
