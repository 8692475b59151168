"""The people of the demo and their teams."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from tracker.management.demo.stories import GROUPS, MONTHS, STORIES, Story
from tracker.models import (
    Holiday,
    Membership,
    Organisation,
    Role,
    Team,
    TeamCounter,
    User,
)

PASSWORD = "roadmix-demo"  # noqa: S105 - printed at the start, for a demo on this machine
DOMAIN = "roadmix.example"
ADMIN, VIEWER = ("Robin Admin", "admin"), ("Vera Holt", "vera")


@dataclass(frozen=True, slots=True)
class Crew:
    """A team of the demo with its story and the people who own its initiatives."""

    team: Team
    story: Story
    people: tuple[User, ...]


def make_organisation(name: str = "Acme Roads") -> Organisation:
    """Make the organisation, its fiscal year being the calendar year."""
    organisation = Organisation(name=name, reporting_zone="Europe/Berlin", currency="EUR")
    organisation.save()
    return organisation


def make_crews(team_count: int) -> list[Crew]:
    """Make the groups, the teams and the people; beyond six teams the stories repeat."""
    password = make_password(PASSWORD)
    admin = _person(*ADMIN, password, is_staff=True, is_superuser=True)
    groups = {name: _group(name, *words) for name, words in GROUPS.items()}
    viewer = _person(*VIEWER, password)
    for group in groups.values():
        _join(viewer, group, Role.VIEWER)
    _join(admin, next(iter(groups.values())), Role.LEAD)
    return [
        _crew(STORIES[index % len(STORIES)], index // len(STORIES), groups, password)
        for index in range(team_count)
    ]


def _crew(story: Story, turn: int, groups: dict[str, Team], password: str) -> Crew:
    suffix = str(turn + 1) if turn else ""
    lower, upper, derail = story.band
    team = Team(
        name=f"{story.name} {suffix}".strip(),
        slug=f"{story.slug}-{suffix}".strip("-"),
        key_prefix=f"{story.prefix}{suffix}",
        parent=groups[story.group],
        band_lower=lower,
        band_upper=upper,
        band_derail=derail,
    )
    team.save()
    people = [_person(name, _login(name, suffix), password) for name in story.crew]
    for index, person in enumerate(people):
        _join(person, team, Role.MEMBER if index else Role.LEAD)
    return Crew(team, story, tuple(people))


def _group(name: str, slug: str, prefix: str) -> Team:
    team = Team(name=name, slug=slug, key_prefix=prefix)
    team.save()
    TeamCounter.objects.get_or_create(team=team)
    return team


def _person(name: str, login: str, password: str, **extra: bool) -> User:
    return User.objects.create(email=f"{login}@{DOMAIN}", name=name, password=password, **extra)


def _join(person: User, team: Team, role: Role) -> None:
    Membership(user=person, team=team, role=role).save()


def _login(name: str, suffix: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}{suffix}"


def add_holidays(first_year: int, last_year: int) -> None:
    """Give both groups New Year, Labour Day and three days at Christmas."""
    days = [(1, 1, "New Year"), (5, 1, "Labour Day"), (12, 24, "Christmas Eve")]
    days += [(12, 25, "Christmas Day"), (12, 26, "Boxing Day")]
    for team in Team.objects.filter(parent__isnull=True):
        Holiday.objects.bulk_create(
            Holiday(team=team, day=date(year, month, day), name=name)
            for year in range(first_year, last_year + 1)
            for month, day, name in days
        )


def sign_ins() -> list[tuple[str, str, str]]:
    """Return (role, e-mail, password) of the people to try it with."""
    lead, member = STORIES[0].crew[0], STORIES[0].crew[1]
    return [
        ("lead of Platform", f"{_login(lead, '')}@{DOMAIN}", PASSWORD),
        ("member of Platform", f"{_login(member, '')}@{DOMAIN}", PASSWORD),
        ("viewer of every team", f"{VIEWER[1]}@{DOMAIN}", PASSWORD),
        ("administrator", f"{ADMIN[1]}@{DOMAIN}", PASSWORD),
    ]


__all__ = [
    "MONTHS",
    "Crew",
    "add_holidays",
    "make_crews",
    "make_organisation",
    "sign_ins",
]
