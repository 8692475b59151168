"""Reads everything that the page of one initiative shows."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from tracker.domain.capacity import worked_mpd
from tracker.domain.history import Teller
from tracker.domain.wording import day_words, fte_words, pd_words
from tracker.models import Comment, Initiative, Label, Organisation, Team, User, WorkSegment
from tracker.queries.history import Story, entered, story_of


@dataclass(frozen=True, slots=True)
class WorkedSegment:
    """A segment with what was worked on it and how late it was entered, in working days."""

    segment: WorkSegment
    worked_mpd: int
    started_late: int
    ended_late: int

    @property
    def pk(self) -> int:
        """Return the id of the segment."""
        return self.segment.pk

    @property
    def first_words(self) -> str:
        """Return the first day in words."""
        return day_words(self.segment.starts_on)

    @property
    def last_words(self) -> str:
        """Return the last day in words, "" while it is open."""
        return day_words(self.segment.last_day)

    @property
    def fte_words(self) -> str:
        """Return the FTE in words."""
        return fte_words(self.segment.fte_milli)

    @property
    def worked_words(self) -> str:
        """Return what was worked, in words."""
        return pd_words(self.worked_mpd)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known about one initiative on a day."""

    initiative: Initiative
    organisation: Organisation
    today: date
    segments: list[WorkedSegment]
    labels: list[Label]
    other_labels: list[Label]
    comments: list[Comment]
    story: Story

    @property
    def worked_mpd(self) -> int:
        """Return what was worked on it, today included."""
        return sum(row.worked_mpd for row in self.segments)


def sheet_of(
    initiative: Initiative, organisation: Organisation, today: date, *, whole_story: bool = False
) -> Sheet:
    """Read an initiative's page; the number of queries does not depend on what there is."""
    story = story_of(initiative, organisation, whole=whole_story)
    labels, other_labels = labels_of(initiative)
    return Sheet(
        initiative=initiative,
        organisation=organisation,
        today=today,
        segments=_segments(initiative, organisation, today, story),
        labels=labels,
        other_labels=other_labels,
        comments=comments_of(initiative),
        story=story,
    )


def labels_of(initiative: Initiative) -> tuple[list[Label], list[Label]]:
    """Return the labels it has and the others of its team, in one query."""
    through = Initiative.labels.through
    attached = through.objects.filter(label=OuterRef("pk"), initiative=initiative.pk)
    rows = Label.objects.filter(team_id=initiative.team_id).annotate(is_on=Exists(attached))
    labels: tuple[list[Label], list[Label]] = ([], [])
    for label in rows:
        labels[0 if label.is_on else 1].append(label)
    return labels


def comments_of(initiative: Initiative) -> list[Comment]:
    """Return the comments that have not been deleted, oldest first, with their authors."""
    alive = initiative.comments.filter(deleted_at__isnull=True)
    return list(alive.select_related("author"))


def _segments(
    initiative: Initiative, organisation: Organisation, today: date, story: Story
) -> list[WorkedSegment]:
    calendar = initiative.team.calendar
    teller = Teller(calendar, organisation.reporting_zone)
    times = entered(story.segments)
    before = today + timedelta(days=1)
    rows = []
    for segment in initiative.segments.all():
        start_at, end_at = times.get(segment.pk, (None, None))
        worked = worked_mpd(
            segment.fact, segment.starts_on, date.max, before=before, calendar=calendar
        )
        started = teller.days_late(segment.starts_on, start_at) if start_at else 0
        end = segment.ends_before
        ended = teller.days_late(end, end_at) if end and end_at else 0
        rows.append(WorkedSegment(segment, worked, started, ended))
    return rows


def people_of(team: Team) -> list[User]:
    """Return who belongs to a team or to one above it, by name."""
    members = User.objects.filter(memberships__team__in=team.ancestor_ids, is_active=True)
    return list(members.distinct().order_by("name", "email"))


def teams_to_move_to(initiative: Initiative, user: User) -> list[Team]:
    """Return the other teams in which the person may log work."""
    return list(Team.objects.editable_by(user).exclude(pk=initiative.team_id).order_by("name"))
