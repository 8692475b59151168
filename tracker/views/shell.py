"""What every page shows around its content: the rail, the team switcher, the theme."""

import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from tracker.domain.keep import Keep
from tracker.models import Organisation, Role, Team, User
from tracker.queries.teams import TeamNode, team_tree
from tracker.views.kept import kept

THEMES = {"light", "dark"}
TEAM_COOKIE = "team"
YEAR_SECONDS = 31_536_000
MARK = "team-slug"
# Stands for the token in what is kept; drawn anew by each worker, so that nobody can type it.
TOKEN = secrets.token_hex(32)
FRAME = ("rail", "topbar_actions")

_frames: "Keep[Hashable, dict[str, str]]" = Keep(512)


def forget() -> None:
    """Drop everything that is kept, for tests."""
    _frames.forget()


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the rail; ``sep`` leaves a gap above it."""

    label: str
    url: str
    icon: str
    current: bool
    sep: bool = False


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
        self.token = ""  # "" draws the request's; a page that is kept has TOKEN in its place

    @property
    def open_signup(self) -> bool:
        """Tell whether anybody may make an account."""
        return bool(settings.OPEN_SIGNUP)

    @cached_property
    def org(self) -> str:
        """Return the organisation's name."""
        found = Organisation.current()
        return found.name if found else "Roadmix"

    @property
    def team(self) -> Team | None:
        """Return the team the page is about, as its view set it."""
        return getattr(self.request, "team", None)

    @cached_property
    def _tree(self) -> tuple[TeamNode, ...]:
        return team_tree(self.user) if isinstance(self.user, User) else ()

    @cached_property
    def home_team(self) -> TeamNode | None:
        """Return the team the rail leads to: the page's, the last one visited, or the own one."""
        here = self.team.slug if self.team else self.request.COOKIES.get(TEAM_COOKIE, "")
        found = next((node for node in self._tree if node.slug == here), None)
        if found or not isinstance(self.user, User):
            return found
        single = [node for node in self._tree if not node.is_group] or self._tree
        return max(single, key=self._role_in, default=None)

    def _role_in(self, node: TeamNode) -> int:
        return self.user.role_in(node.pk) if isinstance(self.user, User) else 0

    @cached_property
    def teams(self) -> list[TeamChoice]:
        """Return the teams the person may see, in tree order."""
        before, _, after = reverse("overview", args=[MARK]).rpartition(MARK)
        here = self.team.pk if self.team else None
        return [
            TeamChoice(
                name=node.name,
                slug=node.slug,
                depth=node.depth,
                url=f"{before}{node.slug}{after}",
                current=node.pk == here,
            )
            for node in self._tree
        ]

    @cached_property
    def switcher(self) -> str:
        """Return the team switcher as HTML, kept by the teams it shows: they may be hundreds."""

        def make() -> str:
            context = {"shell_teams": self.teams, "shell_team": self.team, "shell": self}
            return render_to_string("components/team_switcher.html", context)

        return kept(("switcher", *self._switched), make)

    @property
    def _switched(self) -> tuple[Hashable, ...]:
        return self._tree, self.org, self.team and (self.team.pk, self.team.name)

    @property
    def key(self) -> Hashable:
        """Return all that the frame shows or follows from, to keep a whole page by."""
        return self.theme, self._frame_key, self._switched

    @cached_property
    def frame(self) -> dict[str, SafeString]:
        """Return the parts around the content as HTML, kept by all that they show or follow from.

        They hold a form, whose token differs by request and is put in afterwards.
        """
        key = self._frame_key
        kept_parts = _frames.all_of([key], lambda _: {key: self._make_frame()})[key]
        token = self.token or get_token(self.request)
        return {name: mark_safe(html.replace(TOKEN, token)) for name, html in kept_parts.items()}

    @cached_property
    def _frame_key(self) -> Hashable:
        tree = self._tree  # first, since its query tells the roles, too
        user, match = self.user, self.request.resolver_match
        where = (match.url_name, match.app_name) if match else None
        who: Hashable = None
        if isinstance(user, User):
            roles = tuple(user.team_roles.items())
            who = (user.pk, user.name, user.email, user.is_superuser, roles, tree)
        return (where, who, self.org, self.home_team)

    def _make_frame(self) -> dict[str, str]:
        context = {"shell": self, "shell_nav": self.nav, "csrf_token": TOKEN}
        return {name: render_to_string(f"components/{name}.html", context) for name in FRAME}

    @cached_property
    def nav(self) -> list[NavItem]:
        """Return the rail: only what exists and what the person may open."""
        if not isinstance(self.user, User):
            return []
        name = (self.request.resolver_match and self.request.resolver_match.url_name) or ""
        return [
            NavItem("Portfolio", reverse("portfolio"), "portfolio", name == "portfolio"),
            *self._team_nav(name),
            *self._lead_nav(name),
        ]

    def _team_nav(self, name: str) -> list[NavItem]:
        node = self.home_team
        listing, is_listing = reverse("initiatives"), name.startswith("initiative")
        if node is None:
            return [NavItem("Initiatives", listing, "initiatives", is_listing)]
        overview = reverse("overview", args=[node.slug])
        items = [
            NavItem(
                "Team overview", overview, "overview", name in {"overview", "behind"}, sep=True
            ),
            NavItem("Initiatives", f"{listing}?team={node.slug}", "initiatives", is_listing),
            NavItem(
                "Plan",
                reverse("plan_now", args=[node.slug]),
                "plan",
                name.startswith(("plan", "cycle")),
            ),
            NavItem(
                "Reports",
                reverse("reports", args=[node.slug]),
                "reports",
                name.startswith(("report", "period_")),
            ),
        ]
        if self._role_in(node) >= Role.LEAD:
            page = reverse("team_settings", args=[node.slug])
            items.append(
                NavItem("Team settings", page, "settings", name.startswith("team_"), sep=True)
            )
        else:
            page = reverse("team_members", args=[node.slug])
            items.append(NavItem("Members", page, "members", name.startswith("team_"), sep=True))
        return items

    def _lead_nav(self, name: str) -> list[NavItem]:
        items = []
        if isinstance(self.user, User) and self.user.teams_with(Role.MEMBER):
            page = reverse("imports")
            items.append(NavItem("Imports", page, "imports", name.startswith("import")))
        if isinstance(self.user, User) and self.user.leads_any_team:
            match = self.request.resolver_match
            here = match is not None and match.app_name == "admin"
            items.append(NavItem("Admin", reverse("admin:index"), "admin", here))
        return items

    @cached_property
    def log_team(self) -> TeamNode | None:
        """Return the team a new initiative goes to, or None for people who may not log."""
        node = self.home_team
        if node and self._role_in(node) >= Role.MEMBER:
            return node
        return next((one for one in self._tree if self._role_in(one) >= Role.MEMBER), None)

    @cached_property
    def log_url(self) -> str:
        """Return the form that logs an initiative, or nothing for people who may not."""
        node = self.log_team
        return f"{reverse('initiative_add')}?team={node.slug}" if node else ""

    @cached_property
    def quick_add_url(self) -> str:
        """Return the list whose quick add has the focus, which script prefers to the form."""
        node = self.log_team
        return f"{reverse('initiatives')}?team={node.slug}#id_log_title" if node else ""


def shell_of(request: HttpRequest) -> Shell:
    """Return the shell of a request, made once."""
    found: Shell | None = getattr(request, "_shell", None)
    if found is None:
        found = request._shell = Shell(request)  # type: ignore[attr-defined]
    return found


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give ``shell`` to templates; it costs nothing where no template asks.

    A request that failed before anybody was known has none.
    """
    return {"shell": shell_of(request)} if hasattr(request, "user") else {}


def remember_team(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Keep in a cookie which team somebody last looked at, so that the rail stays on it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        team: Team | None = getattr(request, "team", None)
        if team and response.status_code < 400 and request.COOKIES.get(TEAM_COOKIE) != team.slug:
            response.set_cookie(
                TEAM_COOKIE,
                team.slug,
                max_age=YEAR_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return middleware
