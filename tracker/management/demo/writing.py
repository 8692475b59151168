"""Writes simulated work in bulk, each row with the history a person would have left."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from django.db import transaction

from tracker.domain.lifecycle import Status
from tracker.domain.mix import Origin
from tracker.management.demo.people import Crew
from tracker.management.demo.simulation import Work
from tracker.management.demo.stories import LABELS
from tracker.models import Comment, Initiative, Label, TeamCounter, WorkSegment

BATCH = 2000
Rows = dict[int, Initiative]  # what became of a ``Work``, by its id()
COMMENTS = (
    "Talked to the customer today; the date holds.",
    "Smaller than we feared. **Half of it** was there already.",
    "Blocked until the review on Thursday.",
    "Let's not gold-plate this one.",
    "Numbers after the first week look right.",
)


def write_team(
    crew: Crew, works: Iterable[Work], today: date, seed: str, written: Rows
) -> Iterator[int]:
    """Write a team's work and yield how many rows each batch had; ``written`` gains them."""
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    labels = Label.objects.bulk_create(Label(team=crew.team, name=name) for name in LABELS)
    source = iter(sorted(works, key=lambda work: _entered_on(work, today)))
    while batch := list(islice(source, BATCH)):
        with transaction.atomic():
            rows = _write(crew, batch, labels, today, chance)
        written.update((id(work), row) for work, row in zip(batch, rows, strict=True))
        yield len(batch)


def _write(
    crew: Crew,
    batch: list[Work],
    labels: list[Label],
    today: date,
    chance: random.Random,
) -> list[Initiative]:
    number = TeamCounter.take_numbers(crew.team.pk, len(batch))
    rows = [
        _initiative(crew, work, number + index, today, chance) for index, work in enumerate(batch)
    ]
    Initiative.every.bulk_create(rows)
    for row in rows:
        row.root_id = None
    Initiative.history.bulk_history_create(rows, batch_size=BATCH)
    segments = [
        _segment(row, work, *part)
        for row, work in zip(rows, batch, strict=True)
        for part in work.segments
    ]
    WorkSegment.objects.bulk_create(segments)
    WorkSegment.history.bulk_history_create(segments, batch_size=BATCH)
    _decorate(crew, rows, labels, today, chance)
    return rows


def _initiative(
    crew: Crew, work: Work, number: int, today: date, chance: random.Random
) -> Initiative:
    owner = chance.choice(crew.people)
    created = instant(_entered_on(work, today), 9 + chance.randrange(8))
    dire = work.trigger in {"incident", "customer-escalation"} and chance.random() < 0.6
    need = "dire-need" if dire else "opportunity"
    row = Initiative(
        team=crew.team,
        number=number,
        title=work.title,
        origin=work.origin.value,
        need=need if work.origin == Origin.OPPORTUNISTIC else "",
        trigger=work.trigger,
        reason=work.reason,
        owner=owner if chance.random() > 0.08 else None,
        status=work.status.value,
        estimate_mpd=_mpd(work.estimate_pd),
        actual_mpd=_mpd(work.actual_pd),
        expected_value=work.value,
        target_start=work.target_start,
        due_on=work.due_on,
        committed_on=work.committed_on,
        committed_effort_mpd=_mpd(work.estimate_pd) if work.committed_on else None,
        committed_value=work.value if work.committed_on else None,
        created_by=owner,
        created_at=created,
        updated_at=instant(work.ended_on, 16) if work.ended_on else created,
    )
    for status in (Status.DELIVERED, Status.CANCELLED, Status.DEFERRED):
        if work.status == status:
            setattr(row, f"{status.value}_on", work.ended_on)
    row._history_user = owner
    row._history_date = created
    return row


def _segment(
    row: Initiative, work: Work, starts_on: date, ends_before: date | None, fte: int
) -> WorkSegment:
    recorded = starts_on + timedelta(days=work.entered_late)
    segment = WorkSegment(
        initiative=row,
        starts_on=starts_on,
        ends_before=ends_before,
        fte_milli=fte,
        fte_assumed=row.estimate_mpd is None,
        created_at=instant(recorded, 10),
    )
    segment._history_user = row.created_by
    segment._history_date = segment.created_at
    return segment


def _decorate(
    crew: Crew,
    rows: list[Initiative],
    labels: list[Label],
    today: date,
    chance: random.Random,
) -> None:
    """Put labels on a third of them, and a few comments on what is recent."""
    through = Initiative.labels.through
    tagged = [(row, chance.choice(labels)) for row in rows if chance.random() < 0.35]
    through.objects.bulk_create(
        [through(initiative_id=row.pk, label_id=label.pk) for row, label in tagged]
    )
    recent = [row for row in rows if (today - row.created_at.date()).days < 90]
    Comment.objects.bulk_create(
        Comment(
            initiative=row,
            author=chance.choice(crew.people),
            body=chance.choice(COMMENTS),
            created_at=row.created_at + timedelta(days=1, hours=2),
        )
        for row in recent
        if chance.random() < 0.3
    )


def _entered_on(work: Work, today: date) -> date:
    return min(work.created_on or work.committed_on or today, today)


def instant(day: date, hour: int) -> datetime:
    """Return an hour of a day, in UTC."""
    return datetime.combine(day, time(hour), tzinfo=UTC)


def _mpd(days: float | None) -> int | None:
    return None if days is None else max(1, round(days * 1000))
