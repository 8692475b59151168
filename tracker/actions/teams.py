"""Writes of a team's settings and holidays."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.domain.wording import day_words
from tracker.models import FormerWeek, Holiday, Team, TeamCounter, User
from tracker.models.calendars import closed_over, first_open_day

SETTINGS = frozenset(
    ["name", "band_lower", "band_upper", "band_derail", "working_weekdays", "default_fte_milli"]
)


class StaleSettings(Exception):
    """Somebody else changed the same settings after they were read.

    ``current`` is the team as it stands, ``fields`` names what differs, ``version`` is the
    number to save with next.
    """

    def __init__(self, current: Team, fields: set[str], version: int) -> None:
        super().__init__(f"The settings of {current} have changed since they were read.")
        self.current = current
        self.fields = fields
        self.version = version


def version_of(team: Team) -> int:
    """Return a number that moves with every change of the team."""
    return team.history.values_list("history_id", flat=True).first() or 0


def change_settings(*, by: User, team_id: int, version: int, changes: dict[str, Any]) -> Team:
    """Change a team's settings and move the stamps of all teams whose figures may follow.

    Raises StaleSettings where one of ``changes`` was set to something else after ``version``,
    and ValidationError for values that can't be stored. ``by`` must have been let in already.
    Other working days hold from the first day that has not been closed.
    """
    unknown = set(changes) - SETTINGS
    if unknown:
        raise ValueError(f"not settings: {sorted(unknown)}")
    with transaction.atomic():
        team: Team = Team.objects.select_for_update(of=("self",)).get(pk=team_id)
        week = team.working_weekdays
        for field, value in _own_changes(team, version, changes).items():
            setattr(team, field, value)
        team.full_clean()
        if team.working_weekdays != week:
            _keep_week(team, week)
        _save(team, by, "Settings")
    return team


def _keep_week(team: Team, week: int) -> None:
    """Let what has been closed keep the working days it was closed with."""
    until = first_open_day(team)
    if until is not None:
        # A second change in the same open time leaves what held before it.
        FormerWeek.objects.get_or_create(
            team=team, until=until, defaults={"working_weekdays": week}
        )


def _own_changes(team: Team, version: int, changes: dict[str, Any]) -> dict[str, Any]:
    """Return what the person changed; what they left as it was read must not undo others' work."""
    now = version_of(team)
    if version == now:
        return changes
    seen = team.history.filter(history_id=version).values(*SETTINGS).first() or {}
    own = {field: value for field, value in changes.items() if value != seen.get(field)}
    clash = {field for field in own if getattr(team, field) not in (seen.get(field), own[field])}
    if clash:
        raise StaleSettings(team, clash, now)
    return own


def add_holiday(*, by: User, team: Team, day: date, name: str) -> tuple[Holiday, bool]:
    """Give a team and those below it a day off; return it, and whether it is new.

    Raises ValidationError for a new one inside a period that has been closed.
    """
    with transaction.atomic():
        locked = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
        if not Holiday.objects.filter(team=locked, day=day).exists():
            refuse_closed(locked, day)
        holiday, is_new = Holiday.objects.get_or_create(
            team=locked, day=day, defaults={"name": name}
        )
        if is_new:
            _save(locked, by, f"Holiday added: {holiday}")
    return holiday, is_new


def delete_holiday(*, by: User, holiday: Holiday) -> None:
    """Make a day off a working day again.

    Raises ValidationError inside a period that has been closed.
    """
    with transaction.atomic():
        locked = Team.objects.select_for_update(of=("self",)).get(pk=holiday.team_id)
        refuse_closed(locked, holiday.day)
        _save(locked, by, f"Holiday removed: {holiday}")
        holiday.delete()


def refuse_closed(team: Team, day: date) -> None:
    """Raise ValidationError where a day lies in a closed period of the team or of one below."""
    row = closed_over(team, [day])
    if row is not None:
        raise ValidationError(
            f"{day_words(day)} lies in {row.label}, which {row.team} has closed. "
            "The working days of a closed period stay as they were reported."
        )


def _save(team: Team, by: User, reason: str) -> None:
    """Save with who and why in the history, and tell the caches of the teams below, too."""
    team._history_user = by  # type: ignore[attr-defined]
    team._change_reason = reason[:100]  # type: ignore[attr-defined]
    team.save()
    TeamCounter.bump(*Team.objects.under(team).values_list("pk", flat=True))
