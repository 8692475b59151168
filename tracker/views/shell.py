"""What every page shows around its content: the rail, the team switcher, the theme."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from tracker.models import Organisation, Team, User
from tracker.queries.teams import visible_teams

THEMES = {"light", "dark"}


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the rail."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class TeamChoice:
    """An entry of the team switcher."""

    name: str
    slug: str
    depth: int
    url: str
    current: bool


class Shell:
    """The frame of a page; each part is worked out when a template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = request.user
        theme = request.COOKIES.get("theme", "")
        self.theme = theme if theme in THEMES else ""

    @property
    def org(self) -> str:
        """Return the organisation's name."""
        found = Organisation.current()
        return found.name if found else "Roadmix"

    @property
    def team(self) -> Team | None:
        """Return the team the page is about, as its view set it."""
        return getattr(self.request, "team", None)

    @property
    def teams(self) -> list[TeamChoice]:
        """Return the teams the person may see, in tree order."""
        if not isinstance(self.user, User):
            return []
        here = self.team
        return [
            TeamChoice(
                name=team.name,
                slug=team.slug,
                depth=team.depth,
                url=reverse("overview", args=[team.slug]),
                current=here is not None and here.pk == team.pk,
            )
            for team in visible_teams(self.user)
        ]

    @property
    def nav(self) -> list[NavItem]:
        """Return the rail: only what exists and what the person may open."""
        if not isinstance(self.user, User):
            return []
        match = self.request.resolver_match
        name = (match and match.url_name) or ""
        team = self.team
        slug = team.slug if team else ""
        items = [("Portfolio", reverse("portfolio"), "portfolio", name == "portfolio")]
        if slug:
            items.append(
                ("Team overview", reverse("overview", args=[slug]), "overview", name == "overview")
            )
        listing = reverse("initiatives") + (f"?team={slug}" if slug else "")
        items.append(("Initiatives", listing, "initiatives", name.startswith("initiative")))
        if slug:
            settings = reverse("team-settings", args=[slug])
            items.append(("Team settings", settings, "settings", name.startswith("team-")))
        if self.user.leads_any_team:
            items.append(("Imports", reverse("imports"), "imports", name.startswith("import")))
            items.append(("Admin", reverse("admin:index"), "admin", False))
        return [NavItem(*item) for item in items]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give ``shell`` to templates; it costs nothing where no template asks."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
