"""The funding of one initiative as its page shows it: the ledger, the panel that asks, losses."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse

from tracker.domain.funding import Source
from tracker.figures.funding import lacks_words, pd
from tracker.forms.funding import EntryForm, FundingForm
from tracker.forms.inputs import focus_first
from tracker.models import Funding, Initiative, Plan
from tracker.queries.funding_entries import EntryRow, InitiativeFunding, initiative_funding, room_of
from tracker.views.initiative_parts import Open

NEW = "new"
LOOKS = {
    Source.DISPLACED: ("m-planned", "displaced"),
    Source.RESERVE: ("m-reserve", "from the reserve"),
    Source.ADDED_CAPACITY: ("m-run", "added capacity"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the strip, in percent of what is needed or given."""

    css: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Sum:
    """What is needed, what is given or typed by source, and what is lacking; in mpd."""

    need_mpd: int | None
    given: dict[Source, int]
    notes: tuple[str, ...] = ()

    @property
    def given_mpd(self) -> int:
        """Return what is given in all."""
        return sum(self.given.values())

    @property
    def unfunded_mpd(self) -> int | None:
        """Return what is lacking, None while nobody knows what is needed."""
        return None if self.need_mpd is None else max(0, self.need_mpd - self.given_mpd)

    @property
    def words(self) -> str:
        """Return how it stands: ``Unfunded by 8 pd``."""
        return lacks_words(self.unfunded_mpd, max(0, self.given_mpd - (self.need_mpd or 0)))

    @property
    def parts(self) -> str:
        """Return what is given, in words: ``7 of 18 pd given: 5 displaced, 2 from the reserve``."""
        of = "" if self.need_mpd is None else f" of {pd(self.need_mpd)}"
        named = [f"{pd(mpd)} {LOOKS[source][1]}" for source, mpd in self.given.items() if mpd]
        return f"{pd(self.given_mpd)}{of} pd given" + (f": {', '.join(named)}" if named else "")

    @property
    def bars(self) -> list[Bar]:
        """Return the parts of the strip, the lacking one last."""
        whole = max(self.need_mpd or 0, self.given_mpd)
        amounts = [(LOOKS[source][0], mpd) for source, mpd in self.given.items()]
        amounts.append(("m-lack", self.unfunded_mpd or 0))
        bars, at = [], 0
        for css, mpd in amounts:
            if whole and mpd:
                bars.append(Bar(css, f"{100 * at / whole:.3f}%", f"{100 * mpd / whole:.3f}%"))
                at += mpd
        return bars


class FundingSection:
    """The section of the page; each part is worked out when the template first asks for it."""

    editor: Open | None = None  # what stands open in it

    def __init__(self, initiative: Initiative, today: date, *, can_edit: bool) -> None:
        self.initiative, self.today, self.can_edit = initiative, today, can_edit
        self.url = reverse("initiative_funding", args=[initiative.key])

    @cached_property
    def facts(self) -> InitiativeFunding:
        """Return the ledger and the losses."""
        return initiative_funding(self.initiative, self.today)

    @property
    def plan(self) -> Plan | None:
        """Return the plan that an entry would draw on."""
        return self.facts.plan

    @property
    def shows(self) -> bool:
        """Tell whether there is a ledger to show."""
        return self.facts.can_draw or bool(self.facts.entries)

    @property
    def may_add(self) -> bool:
        """Tell whether the person may name what gives way."""
        return self.can_edit and self.facts.can_draw

    @property
    def panel(self) -> FundingForm | None:
        """Return the form that asks what gives way, where it is open."""
        form = self.editor.form if self.editor and self.editor.name == NEW else None
        return form if isinstance(form, FundingForm) else None

    def open(self, data: Any = None, q: str = "") -> FundingForm | None:
        """Open the panel, None where no plan or origin allows it."""
        if not self.may_add or self.facts.plan is None:
            return None
        form = FundingForm(data, room=room_of(self.facts.plan, self.today), today=self.today, q=q)
        self.editor = Open(NEW, form)
        return form

    @property
    def sum(self) -> Sum:
        """Return how the ledger stands, with what was typed in the panel."""
        ledger, form = self.facts.ledger, self.panel
        given = {source: ledger.of(source) for source in LOOKS}
        for ask in form.typed() if form else ():
            given[ask.source] += ask.mpd
        return Sum(ledger.effort_mpd, given, tuple(form.beyond()) if form else ())

    @property
    def heading(self) -> str:
        """Return how much of it is funded."""
        ledger = self.facts.ledger
        if not ledger.effort_mpd:
            return "What gives way"
        return f"{pd(ledger.funded_mpd)} of {pd(ledger.effort_mpd)} pd are funded"

    @property
    def state(self) -> Sum:
        """Return how the ledger stands without the panel."""
        ledger = self.facts.ledger
        return Sum(ledger.effort_mpd, {source: ledger.of(source) for source in LOOKS})

    @property
    def stale_words(self) -> str:
        """Say why entries stand that no longer make sense, "" where all is well."""
        if not self.facts.entries:
            return ""
        if self.facts.plan is not None and not self.facts.counts:
            return "It no longer counts as opportunistic. Take back what it does not need."
        if self.facts.ledger.effort_mpd == 0:
            return (
                f"It is {self.initiative.status}, and what gave way for it still counts as taken. "
                "Take back what it does not need."
            )
        return ""

    @property
    def entries(self) -> list[tuple[EntryRow, Open | None]]:
        """Return each entry, and its editor where that is open."""
        editor = self.editor
        return [
            (row, editor if editor and editor.name == str(row.pk) else None)
            for row in self.facts.entries
        ]


def entry_form(entry: Funding, today: date, data: Any = None) -> EntryForm:
    """Return the form of an entry, the caret where there is something to mend."""
    form = EntryForm(data, entry=entry, today=today)
    focus_first(form)
    return form
