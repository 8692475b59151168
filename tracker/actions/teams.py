"""Writes of a team's settings and holidays."""

from datetime import date
from typing import Any

from django.db import transaction

from tracker.models import Holiday, Team, TeamCounter, User

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
    """
    unknown = set(changes) - SETTINGS
    if unknown:
        raise ValueError(f"not settings: {sorted(unknown)}")
    with transaction.atomic():
        team: Team = Team.objects.select_for_update(of=("self",)).get(pk=team_id)
        for field, value in _own_changes(team, version, changes).items():
            setattr(team, field, value)
        team.full_clean()
        _save(team, by, "Settings")
    return team


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
    """Give a team and those below it a day off; return it, and whether it is new."""
    with transaction.atomic():
        locked = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
        holiday, is_new = Holiday.objects.get_or_create(
            team=locked, day=day, defaults={"name": name}
        )
        if is_new:
            _save(locked, by, f"Holiday added: {holiday}")
    return holiday, is_new


def delete_holiday(*, by: User, holiday: Holiday) -> None:
    """Make a day off a working day again."""
    with transaction.atomic():
        locked = Team.objects.select_for_update(of=("self",)).get(pk=holiday.team_id)
        _save(locked, by, f"Holiday removed: {holiday}")
        holiday.delete()


def _save(team: Team, by: User, reason: str) -> None:
    """Save with who and why in the history, and tell the caches of the teams below, too."""
    team._history_user = by  # type: ignore[attr-defined]
    team._change_reason = reason[:100]  # type: ignore[attr-defined]
    team.save()
    TeamCounter.bump(*Team.objects.under(team).values_list("pk", flat=True))
