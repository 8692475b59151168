"""Reads about teams."""

from calendar import day_abbr
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from tracker.domain.wording import fte_words
from tracker.models import Holiday, Role, Team, User
from tracker.models.prepared import Text, fetched, text_of
from tracker.models.teams import ANYBODY


def visible_teams(user: User) -> list[Team]:
    """Return the teams a person may see, each below its parent, siblings by name."""
    teams = list(Team.objects.visible_to(user))
    by_id = {team.pk: team for team in teams}

    def trail(team: Team) -> tuple[tuple[str, int], ...]:
        above = [by_id[pk] for pk in team.ancestor_ids if pk in by_id]
        return tuple((node.name.casefold(), node.pk) for node in above)

    return sorted(teams, key=trail)


KEPT = "_known_teams"
COLUMNS = ("pk", "name", "slug", "path", "counter__stamp")
TEAM_FIELDS = ("id", "name", "slug", "path")


class KnownTeam(NamedTuple):
    """A team a person may see, and the stamp that every write of it moves.

    A plain tuple, like a menu's entry below: pages keep parts of theirs by hundreds of them.
    """

    pk: int
    name: str
    slug: str
    path: str
    stamp: int


def known_teams(user: User) -> list[KnownTeam]:
    """Return the teams a person may see, in no order; one query a request, roles included.

    A page that begins with it needs no further query for roles, menus and stamps.
    """
    kept: list[KnownTeam] | None = getattr(user, KEPT, None)
    if kept is None:
        kept = _known_teams(user)
        # The user of a request is a proxy, so both are set through it.
        setattr(user, KEPT, kept)
    return kept


def as_team(known: KnownTeam) -> Team:
    """Return what a page's frame and forms need of a team, without a query.

    Whoever asks it for anything else, such as its band, makes it read that from the database.
    """
    return Team.from_db("default", TEAM_FIELDS, known[:4])


def _known_teams(user: User) -> list[KnownTeam]:
    if user.is_active and user.is_superuser:
        teams = Team.objects.order_by().values_list(*COLUMNS)
        rows = [(*row, int(Role.LEAD)) for row in teams]
    elif user.is_active:
        sql, params = _teams_text()
        rows = fetched(sql, [user.pk if param == ANYBODY else param for param in params])
    else:
        rows = []
    user.team_roles = {pk: role for pk, *_, role in rows}
    return [KnownTeam(pk, name, slug, path, stamp or 0) for pk, name, slug, path, stamp, _ in rows]


@cache
def _teams_text() -> Text:
    return text_of(Team.objects.with_roles_of(User(pk=ANYBODY)).values_list(*COLUMNS, "role"))


class TeamNode(NamedTuple):
    """A team as menus show it; ``depth`` counts the teams above it that the person may see."""

    pk: int
    name: str
    slug: str
    depth: int
    is_group: bool


def team_tree(user: User) -> tuple[TeamNode, ...]:
    """Return the teams a person may see as menu entries, each below its parent; one query."""
    return _tree(tuple(team[:4] for team in known_teams(user)))


@lru_cache(128)
def _tree(teams: tuple[tuple[int, str, str, str], ...]) -> tuple[TeamNode, ...]:
    by_path = {path: (pk, name, slug) for pk, name, slug, path in teams}
    parents = {path.rpartition("/")[0].rpartition("/")[0] + "/" for path in by_path}

    def above(path: str) -> list[str]:
        parts = path.strip("/").split("/")
        paths = [f"/{'/'.join(parts[:count])}/" for count in range(1, len(parts) + 1)]
        return [one for one in paths if one in by_path]

    def trail(path: str) -> list[tuple[str, int]]:
        return [(by_path[one][1].casefold(), by_path[one][0]) for one in above(path)]

    return tuple(
        TeamNode(*by_path[path], depth=len(above(path)) - 1, is_group=path in parents)
        for path in sorted(by_path, key=trail)
    )


def holidays_of(team: Team) -> Sequence[Holiday]:
    """Return the days off of a team and of those above it, latest first; one query."""
    rows = Holiday.objects.filter(team_id__in=team.ancestor_ids).select_related("team")
    return list(rows.order_by("-day"))


LABELS = {
    "name": "Name",
    "band_lower": "Band from",
    "band_upper": "Band to",
    "band_derail": "Derailed above",
    "working_weekdays": "Working days",
    "default_fte_milli": "Usual FTE",
}


def setting_words(name: str, value: Any) -> str:
    """Return the value of one of a team's settings in words."""
    if name.startswith("band_"):
        return f"{Decimal(value) / 10:.1f}\u202f%"
    if name == "working_weekdays":
        return ", ".join(day_abbr[day] for day in range(7) if value >> day & 1)
    return fte_words(value) if name == "default_fte_milli" else str(value)


@dataclass(frozen=True, slots=True)
class TeamChange:
    """An entry of a team's history; ``changed`` holds label, old and new value in words."""

    who: str
    when: datetime
    reason: str
    changed: list[tuple[str, str, str]]


def changes_of(team: Team, limit: int = 10) -> list[TeamChange]:
    """Return the latest changes of a team's settings and holidays, newest first; one query."""
    rows = list(team.history.select_related("history_user")[: limit + 1])
    found = [_change(new, old) for new, old in zip(rows, [*rows[1:], None], strict=True)]
    return [change for change in found[:limit] if change.changed or change.reason]


def _change(new: Any, old: Any) -> TeamChange:
    changed = [
        (label, setting_words(name, getattr(old, name)), setting_words(name, getattr(new, name)))
        for name, label in LABELS.items()
        if old is not None and getattr(old, name) != getattr(new, name)
    ]
    reason = "Team made" if new.history_type == "+" else new.history_change_reason or ""
    who = str(new.history_user) if new.history_user else ""
    return TeamChange(who, new.history_date, "" if changed else reason, changed)
