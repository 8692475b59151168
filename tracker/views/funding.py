"""The funding of a plan's cycle: what the opportunities were made of, and what gave way."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker.access import HttpRequest, signed_in, team_or_404, today
from tracker.domain.books import Books, TermRow
from tracker.domain.conservation import Term
from tracker.domain.wording import count_words, day_words, percent
from tracker.figures.figure import Figure
from tracker.figures.funding import STANDS, TERMS, TOTAL, WHY, finding, gave_words, pd, signed
from tracker.figures.reserve import ReserveFacts, reserve_figure
from tracker.figures.waterfall import Frame, loss_words, rate_words, waterfall_figure
from tracker.htmx import render_page, vary_by_target
from tracker.models import Cycle, Role, Team
from tracker.queries.funding import CycleFunding, OpportunityRow, funding_of
from tracker.queries.teams import known_teams
from tracker.views.kept import kept

TEMPLATE = "tracker/plan_funding.html"
PANELS = "funding-panels"
ONE = timedelta(days=1)
ALL = "opportunistic"


@require_safe
@signed_in
def plan_funding(request: HttpRequest, slug: str, cycle: str) -> HttpResponseBase:
    """Show the conservation law of a cycle, its reserve, and every ledger; unfunded ones first."""
    team = request.team = team_or_404(request.user, slug)
    found = get_object_or_404(Cycle, slug=cycle)
    page = FundingPage(request, team, found, today())
    context = {"team": team, "cycle": found, "page": page}
    if (request.htmx.target or "").rpartition("#")[2] == PANELS:
        return _panels(page, context)
    return render_page(request, TEMPLATE, context)


def _panels(page: "FundingPage", context: dict[str, Any]) -> HttpResponse:
    """Render the figures alone for the overview, kept by the stamps of the teams they sum."""
    team, cycle = page.team, page.cycle
    known = [one for one in known_teams(page.request.user) if one.path.startswith(team.path)]
    facts = (cycle.pk, cycle.slug, cycle.name, cycle.starts_on, cycle.ends_before, cycle.grace_days)
    key = (PANELS, *((one.pk, one.stamp) for one in known), team.slug, facts, page.day)
    answer = HttpResponse(kept(key, lambda: render_to_string(f"{TEMPLATE}#{PANELS}", context)))
    vary_by_target(answer)
    return answer


@dataclass(frozen=True, slots=True)
class Behind:
    """The initiatives behind a bar of the waterfall; the rows sum to it."""

    label: str
    why: str
    rows: list[tuple[str, str, str, str]]
    total: str


class FundingPage:
    """The page; each part is worked out when the template first asks for it."""

    def __init__(self, request: HttpRequest, team: Team, cycle: Cycle, day: date) -> None:
        self.request, self.team, self.cycle, self.day = request, team, cycle, day
        self.url = reverse("plan_funding", args=[team.slug, cycle.slug])

    @cached_property
    def teams(self) -> list[Team]:
        """Return the team and all below it."""
        below = Team.objects.under(self.team).exclude(pk=self.team.pk)
        return [self.team, *below.order_by("path")]

    @cached_property
    def found(self) -> CycleFunding:
        """Return the facts, as known today."""
        return funding_of(self.teams, self.cycle, before=self.day + ONE)

    @property
    def has_plan(self) -> bool:
        """Tell whether the team, or one below it, has a plan for the cycle."""
        return bool(self.found.plans)

    @property
    def may_fund(self) -> bool:
        """Tell whether the person may add entries: they draw on the plan of the running cycle."""
        is_member = self.request.user.role_in(self.team.pk) >= Role.MEMBER
        return is_member and self.found.has_begun and self.found.is_running

    @property
    def finding(self) -> str:
        """Return how the opportunities are funded, in a sentence."""
        return finding(self.found.total)

    @property
    def gave(self) -> str:
        """Return where the funding came from."""
        return gave_words(self.found.total)

    @property
    def given(self) -> int:
        """Return what all ledgers give, in mpd."""
        total = self.found.total
        return total.displaced_mpd + total.reserve_mpd + total.added_mpd

    @property
    def is_unfunded(self) -> bool:
        """Tell whether anything is unfunded."""
        return self.found.total.unfunded_mpd > 0

    @property
    def period(self) -> str:
        """Return the cycle in words."""
        return f"{self.cycle} to date" if self.found.is_running else str(self.cycle)

    @property
    def known(self) -> str:
        """Return what the figures rest on, in words."""
        opened = self.found.opened
        plans = len(self.found.plans)
        of = f", {opened} of {plans} teams with a plan" if plans > 1 else ""
        return f"As known {day_words(self.day)}{of}"

    @property
    def weights(self) -> list[tuple[str, str, str]]:
        """Return the rates with their numerators and denominators."""
        total, reserve = self.found.total, self.found.reserve
        rows = [
            (
                "Unfunded",
                f"{pd(total.unfunded_mpd)} pd",
                f"of {pd(total.effort_mpd)} pd in "
                + count_words(total.opportunities, "opportunity", "opportunities"),
            ),
            ("Reserve left", f"{pd(reserve.left_mpd)} pd", f"of {pd(reserve.total_mpd)} pd"),
        ]
        if self.found.books:
            law = self.found.books.law
            rate, loss = law.displacement_rate, law.plan_loss
            rows += [
                (
                    "Displacement rate",
                    "no data" if rate is None else f"{float(rate):.2f}",
                    "" if rate is None else rate_words(law).partition(" = ")[0],
                ),
                (
                    "Plan loss",
                    percent(loss),
                    "" if loss is None else loss_words(law).partition(" = ")[0],
                ),
            ]
        return rows

    @cached_property
    def waterfall(self) -> Figure | None:
        """Return the law as a figure, None where no lock opened the cycle."""
        if self.found.books is None:
            return None
        return waterfall_figure(self.found.books, self._frame)

    @property
    def _frame(self) -> Frame:
        return Frame(self.period, self.known, self.name, self.term_url)

    @cached_property
    def reserve(self) -> Figure:
        """Return the reserve as a figure."""
        found = self.found.reserve
        return reserve_figure(
            ReserveFacts(
                found.total_mpd,
                found.draws,
                found.points,
                found.outlook,
                self.cycle.starts_on,
                self.cycle.ends_before,
                self.found.before,
                str(self.cycle),
            )
        )

    def term_url(self, term: str) -> str:
        """Return the address of the initiatives behind a term."""
        return f"{self.url}?{urlencode({'term': term})}#behind"

    def name(self, row: TermRow) -> str:
        """Return what a row is, in words."""
        words = STANDS[row.stands] if row.stands else ""
        named = self.found.names.get(row.item) if row.item is not None else None
        if named is None:
            return words or "An initiative that was deleted"
        return f"{named.key} {named.title}{words and ', '}{words}"

    @property
    def behind(self) -> Behind | None:
        """Return the initiatives behind the term that was asked for."""
        term = self.request.GET.get("term", "")
        if self.found.books is None or term not in {ALL, *Term}:
            return None
        return self._behind(self.found.books, term)

    def _behind(self, books: Books, term: str) -> Behind:
        if term == ALL:
            rows, label = books.opportunities, TOTAL
            total, why = books.law.opportunistic, "What was worked, and what is still expected."
        else:
            rows, label = books.rows[Term(term)], TERMS[Term(term)]
            total, why = dict(books.law.steps)[Term(term)], WHY[Term(term)]
        lines = sorted(rows, key=lambda row: (-abs(row.mpd), row.item or 0))
        return Behind(label, why, [self._line(row) for row in lines], signed(total))

    def _line(self, row: TermRow) -> tuple[str, str, str, str]:
        """Return key, address, words and amount of a row."""
        named = self.found.names.get(row.item) if row.item is not None else None
        words = STANDS[row.stands] if row.stands else ""
        if named is None:
            return "", "", self.name(row), signed(row.mpd)
        title = f"{named.title}{words and ', '}{words}"
        return named.key, reverse("initiative", args=[named.key]), title, signed(row.mpd)

    @property
    def opportunities(self) -> list[OpportunityRow]:
        """Return all opportunities of the cycle, the unfunded ones first, then the newest."""
        first = self.found.unfunded
        rest = [row for row in self.found.opportunities if row not in first]
        newest = sorted(rest, key=lambda row: row.initiative.pk, reverse=True)
        return [*first, *newest]
