"""What the list of initiatives shows; its views answer with this page or its parts."""

from dataclasses import dataclass
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
from tracker.domain.calendar import PeriodKind, last_periods
from tracker.domain.lifecycle import Status
from tracker.domain.listing import ME, NONE, Attention, Listing, Sort
from tracker.domain.mix import Origin
from tracker.domain.words import Trigger, label_of
from tracker.forms.initiatives import LogForm, read_listing
from tracker.forms.initiatives_bulk import BulkForm, read_moment
from tracker.forms.initiatives_cells import dress
from tracker.forms.inputs import PersonField
from tracker.htmx import render_page
from tracker.models import Role, Team, User
from tracker.models.choices import choices
from tracker.queries.initiatives import (
    MOST_COUNTED,
    Counts,
    Page,
    Typed,
    counts_of,
    matching,
    page_of,
    scope,
    typed_in,
)
from tracker.queries.teams import KnownTeam, TeamNode, known_teams, team_tree
from tracker.views.initiatives_rows import rows_of
from tracker.views.kept import kept

TEMPLATE = "tracker/initiatives.html"
NEW_KEY = "new-creation-key"
PARTS = ("rows", "chips")
HEADS = (
    (Sort.KEY, "Key", "w-key hide-s", True),
    (Sort.TITLE, "Title", "title", False),
    (None, "Origin", "w-from", False),
    (Sort.STATUS, "Status", "w-status hide-s", False),
    (Sort.ESTIMATE, "Est. pd", "num w-1", True),
    (Sort.TARGET, "Target", "w-2 hide-s", False),
    (None, "Owner", "w-who hide-s", False),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is one click away, or that is on and goes by a click."""

    label: str
    url: str
    count: str = ""
    is_on: bool = False
    origin: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``order`` is ascending, descending or "" for one that does not sort."""

    label: str
    css: str
    url: str
    order: str


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
        return page_of(self.matching, self.listing, one_team=len(self.teams) == 1)

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
        asked = (tuple(self.known), tuple(it.but().params()), self.user.pk, self.today)
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
        return [self._head(*head) for head in HEADS]

    def _head(self, sort: Sort | None, label: str, css: str, falls_first: bool) -> Head:
        if sort is None:
            return Head(label, css, "", "")
        is_on = self.listing.sort is sort
        falls = not self.listing.descending if is_on else falls_first
        order = ("descending" if self.listing.descending else "ascending") if is_on else "none"
        return Head(label, css, self.url(self.listing.but(sort=sort, descending=falls)), order)

    @property
    def chips(self) -> list[Chip]:
        """Return the filters with counts."""
        listing, counts = self.listing, self.counts
        found = []
        for origin in (Origin.PLANNED, Origin.OPPORTUNISTIC, Origin.UNCLASSIFIED):
            is_on = listing.origins == (origin.value,)
            url = self.url(listing.but(origins=() if is_on else (origin.value,)))
            number = self._counted(getattr(counts, origin.value))
            found.append(Chip(label_of(origin), url, number, is_on, origin, origin))
        is_on = listing.attention == Attention.UNESTIMATED
        url = self.url(listing.but(attention="" if is_on else Attention.UNESTIMATED.value))
        number = self._counted(counts.unestimated)
        found.append(Chip("Unestimated", url, number, is_on, key="unestimated"))
        is_on = listing.owner == ME
        url = self.url(listing.but(owner="" if is_on else ME))
        found.append(Chip("Mine", url, self._counted(counts.mine), is_on, key="mine"))
        return found

    @property
    def more_chips(self) -> list[Chip]:
        """Return the other filters that are on, each with the list without it."""
        it, found = self.listing, []
        if len(it.origins) > 1:
            words = " or ".join(label_of(origin).lower() for origin in it.origins)
            found.append((f"Origin {words}", it.but(origins=())))
        for status in it.statuses:
            rest = tuple(other for other in it.statuses if other != status)
            found.append((label_of(status), it.but(statuses=rest)))
        if it.owner not in ("", ME):
            who = "No owner" if it.owner == NONE else f"Owner {it.owner}"
            found.append((who, it.but(owner="")))
        if it.trigger:
            word = "No trigger" if it.trigger == NONE else label_of(it.trigger)
            found.append((word, it.but(trigger="")))
        if it.label:
            found.append((f"Label {it.label}", it.but(label="")))
        if it.period:
            found.append((it.period.label, it.but(period=None)))
        if it.attention in (Attention.STALE, Attention.UNCLASSIFIED):
            found.append((label_of(it.attention), it.but(attention="")))
        return [Chip(label, self.url(listing), is_on=True) for label, listing in found]

    @property
    def tree(self) -> list[TeamNode]:
        """Return the teams to choose from."""
        return team_tree(self.user)

    @property
    def origins(self) -> list[tuple[str, str, bool]]:
        """Return the origins, and whether each is chosen."""
        return [(word, name, word in self.listing.origins) for word, name in choices(Origin)]

    @property
    def statuses(self) -> list[tuple[str, str, bool]]:
        """Return the statuses, and whether each is chosen."""
        return [(word, name, word in self.listing.statuses) for word, name in choices(Status)]

    @property
    def triggers(self) -> list[tuple[str, str]]:
        """Return the triggers to choose from."""
        return [*choices(Trigger), (NONE, "No trigger said")]

    @property
    def periods(self) -> list[tuple[str, str]]:
        """Return the periods to choose from, the one that is on among them."""
        fiscal, today = self.organisation.fiscal, self.today
        kinds = ((PeriodKind.QUARTER, 8), (PeriodKind.MONTH, 6), (PeriodKind.YEAR, 3))
        found = [p for kind, n in kinds for p in reversed(last_periods(n, kind, today, fiscal))]
        if self.listing.period and self.listing.period not in found:
            found.insert(0, self.listing.period)
        return [(period.slug, period.label) for period in found]

    @property
    def attentions(self) -> list[tuple[str, str]]:
        """Return what may be missing."""
        words = {Attention.STALE: "Stale: active, unchanged for 14 days"}
        return [(word.value, words.get(word, label_of(word))) for word in Attention]

    # Writing.

    @cached_property
    def log_teams(self) -> list[Team]:
        """Return the teams that the quick add offers; none for readers."""
        may = [team for team in self.teams if self.user.role_in(team.pk) >= Role.MEMBER]
        return [as_team(team) for team in may]

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
        return mark_safe(line.replace(NEW_KEY, str(uuid4())))  # noqa: S308

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


def as_team(known: KnownTeam) -> Team:
    """Return what the shell and forms need of a team, without a query."""
    return Team(pk=known.pk, name=known.name, slug=known.slug, path=known.path)


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
