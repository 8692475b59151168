"""The page of a plan's origins: where plan and people differ, and what that does to the share."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import HttpResponseBase
from django.urls import reverse

from tracker.access import HttpRequest, organisation
from tracker.domain.wording import count_words, day_words, moment_words, pd_words
from tracker.figures.origins import evidence_words, lock_words, rate_words, share_words
from tracker.forms.origins import TakeForm
from tracker.htmx import render_page
from tracker.models import Cycle, Role, Team
from tracker.queries.origins import PlanOrigins, Row, plan_origins
from tracker.views.initiative_origins import Said, said_of

TEMPLATE = "tracker/plan_origins.html"


@dataclass(frozen=True, slots=True)
class Line:
    """One initiative as the page shows it."""

    row: Row
    evidence: str
    worked: str
    url: str
    override_url: str
    said: Said | None
    take: Form | None

    @property
    def title(self) -> str:
        """Return the initiative's title."""
        return str(self.row.facts["title"])

    @property
    def declared(self) -> str:
        """Return what somebody declared."""
        return self.row.told.tag.declared.value

    @property
    def derived(self) -> str:
        """Return what the plan says."""
        return self.row.told.tag.derived.value

    @property
    def counts(self) -> str:
        """Return what counts."""
        return self.row.told.tag.effective.value


class OriginsPage:
    """The page; each part is worked out when the template first asks for it."""

    def __init__(self, request: HttpRequest, team: Team, cycle: Cycle, *, notice: str = "") -> None:
        self.request, self.team, self.cycle, self.notice = request, team, cycle, notice
        self.organisation = organisation()
        self.today: date = self.organisation.today()
        self.can_edit = request.user.role_in(team.pk) >= Role.MEMBER
        self.refused: TakeForm | None = None

    @cached_property
    def origins(self) -> PlanOrigins:
        """Return what was read."""
        return plan_origins(self.team, self.cycle, self.today)

    def row(self, pk: int) -> Row | None:
        """Return one initiative of the cycle."""
        return next((row for row in self.origins.rows if row.pk == pk), None)

    def take_form(self, row: Row, data: Any = None) -> TakeForm:
        """Return the form that declares what the plan says of a row."""
        origin = row.told.suggestion.origin.value
        return TakeForm(data, pk=row.pk, origin=origin, facts=row.facts)

    @property
    def url(self) -> str:
        """Return the page's own address."""
        return reverse("plan_origins", args=[self.team.slug, self.cycle.slug])

    @property
    def finding(self) -> str:
        """Say in a sentence how far plan and people agree."""
        if self.origins.lock is None:
            return f"No lock has opened {self.cycle} yet"
        if self.cycle.starts_on > self.today:
            return f"{self.cycle} begins on {day_words(self.cycle.starts_on)}"
        number = len(self.disagreements)
        if not number:
            return f"Plan and people agree on {self.cycle}"
        verb = "was" if number == 1 else "were"
        said = f"{count_words(number, 'initiative')} {verb} declared otherwise than planned"
        return said[:1].upper() + said[1:]

    @property
    def opened(self) -> str:
        """Name the lock that opened the cycle, "" where none did."""
        lock = self.origins.lock
        return f"{lock_words(lock)}, locked {day_words(lock.locked_on)}" if lock else ""

    @property
    def unlocked(self) -> str:
        """Count, where no lock opened the cycle, for what the declared origin serves."""
        number = self.origins.report.unknown
        return count_words(number, "initiative") if number else ""

    @property
    def share(self) -> str:
        """Return the share of the cycle to date, as it counts."""
        return share_words(self.origins.report.mix)

    @property
    def share_without(self) -> str:
        """Return what it would be without overrides."""
        return share_words(self.origins.report.mix_without)

    @property
    def rate(self) -> str:
        """Return the override rate."""
        return rate_words(self.origins.report)

    @cached_property
    def disagreements(self) -> list[Line]:
        """Return what nobody has settled, the largest first."""
        return [self._line(row) for row in self.origins.disagreements]

    @property
    def overridden(self) -> list[Line]:
        """Return those on which somebody's word counts."""
        return [self._line(row) for row in self.origins.overridden]

    @property
    def ratified(self) -> list[Line]:
        """Return the opportunities that an amendment adopted."""
        return [self._line(row) for row in self.origins.ratified]

    @property
    def carried(self) -> list[Line]:
        """Return what came from before the cycle without a place in its plan."""
        return [self._line(row) for row in self.origins.carried]

    @property
    def undeclared(self) -> int:
        """Return on how many only the plan has said anything."""
        return len(self.origins.unclassified)

    def _line(self, row: Row) -> Line:
        told, take = row.told, None
        if self.can_edit and told.disagrees:
            refused = self.refused if self.request.POST.get("item") == str(row.pk) else None
            take = refused or self.take_form(row)
        return Line(
            row,
            evidence_words(told.suggestion, told.listed, self.cycle.name, self.today),
            pd_words(told.tag.amount),
            reverse("initiative", args=[row.key]),
            reverse("initiative_origin", args=[row.key, self.cycle.slug]) if self.can_edit else "",
            said_of(told.override, self._when) if told.override else None,
            take,
        )

    def _when(self, moment: Any) -> str:
        return moment_words(moment, self.organisation.reporting_zone, self.today)

    def anew(self, notice: str = "") -> "OriginsPage":
        """Return the page as it stands after a write."""
        return OriginsPage(self.request, self.team, self.cycle, notice=notice)

    def answer(self, *, status: int = 200) -> HttpResponseBase:
        """Render the page, or the part that htmx asks for."""
        context = {"page": self, "team": self.team, "cycle": self.cycle}
        return render_page(self.request, TEMPLATE, context, parts=("plan-origins",), status=status)
