"""What the list of initiatives shows; its views answer with this page or its parts."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from tracker.access import HttpRequest, organisation
from tracker.domain.listing import ME, NONE, Attention, Listing
from tracker.forms.initiatives import LogForm, read_listing
from tracker.forms.initiatives_bulk import BulkForm, read_moment
from tracker.forms.initiatives_cells import dress
from tracker.forms.inputs import PersonField
from tracker.htmx import render_page
from tracker.models import Role, Team, User
from tracker.queries.initiatives import (
    MOST_COUNTED,
    Counts,
    counts_of,
    matching,
    scope,
)
from tracker.queries.initiatives_page import Page, Typed, page_of, typed_in
from tracker.queries.teams import KnownTeam, as_team, known_teams, team_tree
from tracker.views.initiatives_filters import Chip, Head, Menu, chips, heads, more_chips
from tracker.views.initiatives_rows import rows_of
from tracker.views.kept import kept

TEMPLATE = "tracker/initiatives.html"
NEW_KEY = "new-creation-key"
PARTS = ("rows", "chips", "filter")


class ListPage:
    """The list; each part is worked out when the template first asks for it."""

    def __init__(
        self,
        request: HttpRequest,
        data: QueryDict | None = None,
        *,
        notice: str = "",
    ) -> None:
        self.request, self.user = request, request.user
        self.known = known_teams(request.user)
        self.organisation = organisation()
        self.today = self.organisation.today()
        self.now = timezone.now()
        given = request.GET if data is None else data
        self.listing, self.notices = read_listing(given, self.organisation.fiscal)
        self.teams = scope(self.known, self.listing.team)
        if self.listing.team and not self.teams:
            raise Http404("No team of yours has this address.")
        self.team = as_team(self.teams[0]) if self.listing.team else None
        if self.team:
            request.team = self.team
        self.notice = notice
        self.undo = request.GET.get("undo", "") if data is None else ""
        if read_moment(self.undo) is None:
            self.undo = ""
        self.with_filters = "filters" in given

    def url(self, listing: Listing) -> str:
        """Return the address of a list."""
        query = urlencode(listing.params())
        return f"{self.here}?{query}" if query else self.here

    @cached_property
    def here(self) -> str:
        """Return the address without filters."""
        return reverse("initiatives")

    @property
    def query(self) -> str:
        """Return the filters and the order as a query string."""
        return urlencode(self.listing.but().params())

    @property
    def whole_team_url(self) -> str:
        """Return the list without filters."""
        return self.url(Listing(team=self.listing.team))

    @property
    def export_url(self) -> str:
        """Return where the file of what matches is."""
        return f"{reverse('initiatives_export')}?{self.query}"

    @property
    def keeps(self) -> list[tuple[str, str]]:
        """Return the parameters that a search keeps."""
        return self.listing.but(q="").params()

    @property
    def filter_keeps(self) -> list[tuple[str, str]]:
        """Return the parameters that the form of the other filters keeps."""
        kept = ("q", "sort")
        return [pair for pair in self.listing.but().params() if pair[0] in kept]

    # Rows and counts.

    @cached_property
    def matching(self) -> Any:
        """Return what matches, in no order."""
        return matching(self.listing, self.teams, self.user, self.now)

    @cached_property
    def page(self) -> Page:
        """Return the rows of this page."""
        return page_of(self.listing, self.teams, self.user, self.now)

    @cached_property
    def rows(self) -> list[SafeString]:
        """Return the rows as HTML."""
        return rows_of(self.page.rows, self.user.team_roles, table_edits=self.can_edit)

    @cached_property
    def counts(self) -> Counts:
        """Return how many match."""
        return counts_of(self.listing, self.teams, self.user, self.now)

    @cached_property
    def counted(self) -> tuple[str, str, SafeString]:
        """Return how many match, the same in words, and the chips with their counts.

        They are kept by the stamps of the teams, which every write moves; not where something
        counts that moves no stamp, such as somebody's name or the hour.
        """

        def make() -> str:
            chips = render_to_string("tracker/initiatives.html#chips-inside", {"page": self})
            return f"{self._counted(self.counts.total)}\0{self._words()}\0{chips}"

        it = self.listing
        moves = it.label or it.attention == Attention.STALE or it.owner not in ("", ME, NONE)
        shown = (self.with_filters, tuple(it.but().params()))
        asked = (tuple(self.known), shown, self.user.pk, self.today)
        text = make() if moves else kept(("chips", *asked), make)
        total, words, chips = text.split("\0")
        return total, words, mark_safe(chips)

    @property
    def total(self) -> str:
        """Return how many match, "10,000+" where they are more than is counted."""
        return self.counted[0]

    def _counted(self, number: int) -> str:
        return f"{min(number, MOST_COUNTED):,}{'+' if self.counts.capped and number else ''}"

    @property
    def count_words(self) -> str:
        """Return how many match, in words."""
        return self.counted[1]

    def _words(self) -> str:
        total = self._counted(self.counts.total)
        one = self.counts.total == 1 and not self.counts.capped
        kind = "initiative" if one else "initiatives"
        return f"{total} {kind}{' match' if self.listing.is_filtered and not one else ''}"

    @property
    def summary(self) -> str:
        """Return how many of them are shown."""
        return f"{len(self.rows):,} of {self.total} shown" if self.rows else ""

    @property
    def newer_url(self) -> str:
        """Return the page before this one, "" for none."""
        has = self.page.has_newer and self.page.rows
        return self.url(self.listing.but(before=self.page.rows[0][0])) if has else ""

    @property
    def older_url(self) -> str:
        """Return the page after this one, "" for none."""
        has = self.page.has_older and self.page.rows
        return self.url(self.listing.but(after=self.page.rows[-1][0])) if has else ""

    # Heads, chips and the form of the other filters.

    @property
    def heads(self) -> list[Head]:
        """Return the heads of the columns, with what a click sorts by."""
        return heads(self.listing, self.url)

    @property
    def chips(self) -> list[Chip]:
        """Return the filters with counts."""
        return chips(self.listing, self.counts, self._counted, self.url)

    @property
    def more_chips(self) -> list[Chip]:
        """Return the other filters that are on, each with the list without it."""
        return more_chips(self.listing, self.url)

    @property
    def menu(self) -> Menu:
        """Return what the form of the other filters offers."""
        return Menu(self.listing, self.organisation.fiscal, self.today, team_tree(self.user))

    # Writing.

    @cached_property
    def log_teams(self) -> list[Team]:
        """Return the teams that the quick add offers; none for readers."""
        return loggable(self.teams, self.user)

    @cached_property
    def can_edit(self) -> bool:
        """Tell whether there may be rows here that the person may change."""
        return bool(self.log_teams)

    @cached_property
    def typed(self) -> Typed:
        """Return the people and labels to type."""
        return typed_in(self.teams)

    @cached_property
    def people(self) -> list[str]:
        """Return the names to type."""
        return names_for(self.user, self.typed.people)

    @property
    def quick_line(self) -> SafeString:
        """Return the line that logs; only its creation key is new each time."""
        people = with_me(self.user, self.typed.people)
        me = self.people[people.index(self.user)]
        teams = tuple((team.slug, team.name) for team in self.log_teams)

        def make() -> str:
            form = LogForm(me=self.user, teams=self.log_teams, people=people)
            form.initial["creation_key"] = NEW_KEY
            context = {"form": quick(form), "team_slug": self.listing.team}
            return render_to_string("tracker/initiatives.html#quick", context)

        line = kept(("quick", me, teams, self.listing.team), make)
        # The key is a UUID, and what is around it has been escaped by the template.
        return mark_safe(line.replace(NEW_KEY, str(uuid4())))

    @property
    def bulk_menus(self) -> SafeString:
        """Return the menus of the bar for a selection: the same for everybody on a day."""

        def make() -> str:
            context = {"form": BulkForm(today=self.today)}
            return render_to_string("tracker/initiatives.html#menus", context)

        return mark_safe(kept(("bulk", self.today), make))

    def answer(self, *, status: int = 200) -> TemplateResponse:
        """Render the page, or the part that htmx asks for."""
        # The chips are asked for when something has changed; the count then goes along.
        context = {"page": self, "count_too": (self.request.htmx.target or "").endswith("chips")}
        return render_page(self.request, TEMPLATE, context, parts=PARTS, status=status)


def loggable(teams: Sequence[KnownTeam], user: User) -> list[Team]:
    """Return the teams that somebody may log in; groups, where work is rarely logged, last."""
    may = [team for team in teams if user.role_in(team.pk) >= Role.MEMBER]
    above = {team.path.rpartition("/")[0].rpartition("/")[0] + "/" for team in teams}
    return [as_team(team) for team in sorted(may, key=lambda team: team.path in above)]


def quick(form: LogForm) -> LogForm:
    """Dress a form for the line in the table, whose form element stands outside it."""
    dress(form, "the new initiative")
    for field in form.fields.values():
        field.widget.attrs["form"] = "log"
    form.fields["title"].widget.attrs["data-quick-add"] = ""
    form.fields["estimate_mpd"].widget.attrs |= {"placeholder": "pd", "inputmode": "decimal"}
    form.fields["estimate_mpd"].widget.attrs["class"] += " num"
    form.fields["owner"].widget.attrs["placeholder"] = "Owner"
    return form


def with_me(me: User, people: list[User]) -> list[User]:
    """Return the people, the person among them."""
    return people if me in people else [me, *people]


def names_for(me: User, people: list[User]) -> list[str]:
    """Return what to type for each of the people."""
    return PersonField.names_of(with_me(me, people))
