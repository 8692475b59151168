"""The one-row verbs of an initiative: each sets the dates and segments that follow from it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from tracker.domain.capacity import frozen_fte
from tracker.domain.lifecycle import TRANSITIONS, Status, Verb, refusal
from tracker.domain.mix import Origin

if TYPE_CHECKING:
    from tracker.models.initiatives import Initiative
    from tracker.models.segments import WorkSegment


class LifecycleVerbs:
    """Start, pause, resume, deliver and the rest; every date may lie in the past.

    A verb changes the initiative in memory and its segments in the database. The caller runs
    it in a transaction and saves the initiative afterwards.
    """

    # Columns of the model that the verbs set; their types are the model's.
    committed_on: Any
    committed_effort_mpd: Any
    committed_value: Any
    delivered_on: Any
    cancelled_on: Any
    deferred_on: Any
    actual_mpd: Any
    origin: Any
    need: Any
    trigger: Any
    status: Any

    def _turn(self: Any, verb: Verb) -> None:
        allowed, after = TRANSITIONS[verb]
        if self.status not in allowed:
            raise ValidationError(f"{refusal(self.key, Status(self.status), verb)}.")
        self.status = after.value
        for status in (Status.DELIVERED, Status.CANCELLED, Status.DEFERRED):
            if after != status:
                setattr(self, f"{status.value}_on", None)

    def commit(self: Any, *, on: date) -> None:
        """Promise the work: freezes the estimate and the value that were known then."""
        self._turn(Verb.COMMIT)
        self._freeze_commitment(on)

    def _freeze_commitment(self: Any, on: date) -> None:
        if self.committed_on is None:
            self.committed_on = on
        if self.committed_effort_mpd is None:
            self.committed_effort_mpd = self.estimate_mpd
        if self.committed_value is None:
            self.committed_value = self.expected_value

    def start(self: Any, *, on: date, fte_milli: int | None = None) -> "WorkSegment":
        """Begin the work: commits it where that was left out, and opens a segment."""
        self._turn(Verb.START)
        self._freeze_commitment(on)
        return self._open_segment(on, fte_milli)  # type: ignore[no-any-return]

    def resume(self: Any, *, on: date, fte_milli: int | None = None) -> "WorkSegment":
        """Go on after a pause, at the last FTE unless another is given."""
        self._turn(Verb.RESUME)
        last = self.segments.order_by("-starts_on", "-pk").first()
        if fte_milli is None and last is not None:
            return self._open_segment(on, last.fte_milli, assumed=last.fte_assumed)  # type: ignore[no-any-return]
        return self._open_segment(on, fte_milli)  # type: ignore[no-any-return]

    def pause(self: Any, *, on: date) -> None:
        """Stop for a while; ``on`` is the first day without work."""
        self._turn(Verb.PAUSE)
        self._close_segment(on)

    def deliver(
        self: Any, *, on: date, actual_mpd: int | None = None, committed_on: date | None = None
    ) -> None:
        """Finish; ``on`` is the last day of work. A realised effort replaces no estimate.

        ``committed_on`` mends the day of the promise, which can't come after the delivery.
        """
        self._turn(Verb.DELIVER)
        if committed_on is not None:
            self.committed_on = committed_on
        self._freeze_commitment(on)
        if self.committed_on > on:
            raise ValidationError("It was committed after that day. Set Committed earlier first.")
        self.delivered_on = on
        if actual_mpd is not None:
            self.actual_mpd = actual_mpd
        self._close_segment(on + timedelta(days=1))

    def cancel(self: Any, *, on: date) -> None:
        """Give it up; what was worked until then stays. ``on`` is the first day without work."""
        self._turn(Verb.CANCEL)
        self.cancelled_on = on
        self._close_segment(on, spared=1)

    def defer(self: Any, *, on: date) -> None:
        """Put it off beyond the cycle; ``on`` is the first day without work."""
        self._turn(Verb.DEFER)
        self.deferred_on = on
        self._close_segment(on, spared=1)

    def reopen(self: Any, *, on: date) -> None:
        """Take it up again as a commitment; work begins with the next start."""
        self._turn(Verb.REOPEN)
        self._freeze_commitment(on)

    def _open_segment(
        self: Any, on: date, fte_milli: int | None, *, assumed: bool = False
    ) -> "WorkSegment":
        if fte_milli is None:
            fte_milli, assumed = frozen_fte(
                self.estimate_mpd,
                on,
                self.due_on,
                self.team.calendar,
                default_milli=self.team.default_fte_milli,
            )
        self._make_room(on)
        return self.segments.create(starts_on=on, fte_milli=fte_milli, fte_assumed=assumed)  # type: ignore[no-any-return]

    def _make_room(self: Any, on: date) -> None:
        """Keep segments apart: a day that ended one and starts the next belongs to the next."""
        for segment in self.segments.all():
            if segment.last_day is None or segment.last_day > on or segment.starts_on > on:
                raise ValidationError("Work is logged after that day already. Choose a later day.")
            if segment.last_day == on:
                _cut(segment, on)

    def _close_segment(self: Any, before: date, *, spared: int = 0) -> None:
        """End what runs past a day; ``spared`` days of segments that have ended are left alone."""
        ended_later = models.Q(ends_before__gt=before + timedelta(days=spared))
        for segment in self.segments.filter(models.Q(ends_before__isnull=True) | ended_later):
            _cut(segment, before)

    def classify(self: "Initiative | Any", origin: str, need: str = "", trigger: str = "") -> None:
        """Declare the origin; only an opportunity has a need and a trigger."""
        self.origin = origin
        opportunistic = origin == Origin.OPPORTUNISTIC
        self.need = need if opportunistic else ""
        self.trigger = trigger if opportunistic else ""


def _cut(segment: "WorkSegment", before: date) -> None:
    """End a segment before a day; nothing is left of one that begins then or later."""
    if segment.starts_on >= before:
        segment.delete()
    else:
        segment.ends_before = before
        segment.save()
