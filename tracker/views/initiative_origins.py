"""What an initiative's page tells about its origins, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.forms import Form
from django.urls import reverse

from tracker.actions.overrides import seen_of
from tracker.domain.lifecycle import CLOSED
from tracker.domain.mix import Origin
from tracker.domain.origins import Derived, OverrideReason
from tracker.domain.wording import day_words, moment_words
from tracker.domain.words import label_of
from tracker.figures.origins import REASONS, evidence_words
from tracker.forms.origins import TakeForm
from tracker.models import Initiative
from tracker.queries.lineage import Kin, Relative, relatives_of
from tracker.queries.origins import InCycle, origins_of, past_overrides
from tracker.views.initiative_parts import Open

OTHER = {
    Derived.PLANNED: Origin.OPPORTUNISTIC,
    Derived.OPPORTUNISTIC: Origin.PLANNED,
}


@dataclass(frozen=True, slots=True)
class Said:
    """An override in words."""

    origin: str
    why: str
    text: str
    who: str
    when: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class CycleTold:
    """One cycle: what counts in it and why, and what this reader may do about it."""

    told: InCycle
    evidence: str
    said: Said | None
    url: str
    editor: Open | None
    take: Form | None
    can_override: bool

    @property
    def cycle(self) -> Any:
        """Return the cycle."""
        return self.told.cycle

    @property
    def counts(self) -> str:
        """Return the origin that counts in it."""
        return self.told.tag.effective.value

    @property
    def other(self) -> str:
        """Return the origin an override would make it."""
        derived = self.told.tag.derived
        return OTHER[derived].value if derived in OTHER else ""

    @property
    def seen(self) -> str:
        """Return the override's state as the form that withdraws it carries it."""
        return seen_of(self.told.override)

    @property
    def marks(self) -> list[str]:
        """Return what else there is to know, in single words."""
        evidence = self.told.suggestion.evidence
        if not self.told.begun:
            return [f"begins {day_words(self.cycle.starts_on)}"]
        found = [(evidence.ratified, "ratified"), (evidence.carried, "carried")]
        opportunistic = self.told.suggestion.origin == Derived.OPPORTUNISTIC
        return [word for is_so, word in found if is_so and opportunistic]


class Origins:
    """The origins of one initiative; each part is worked out when the template asks for it."""

    def __init__(
        self,
        initiative: Initiative,
        today: date,
        *,
        can_edit: bool,
        zone: str,
        editor: Open | None = None,
    ) -> None:
        self.initiative, self.today, self.zone = initiative, today, zone
        self.can_edit, self.editor = can_edit, editor

    @cached_property
    def told(self) -> list[InCycle]:
        """Return the cycles as they were read."""
        return origins_of(self.initiative, self.today)

    @property
    def cycles(self) -> list[CycleTold]:
        """Return each cycle for this reader, the latest first."""
        return [self._cycle(one) for one in self.told]

    def _cycle(self, one: InCycle) -> CycleTold:
        slug, tag, editor = one.cycle.slug, one.tag, self.editor
        known = self.can_edit and tag.derived != Derived.UNKNOWN
        differs = known and one.begun and one.latest and tag.override is None
        differs = differs and tag.declared.value != tag.derived.value
        refused = editor.form if editor and editor.name == f"take-{slug}" else None
        return CycleTold(
            one,
            evidence_words(one.suggestion, one.listed, one.cycle.name, self.today),
            said_of(one.override, self._when) if one.override else None,
            reverse("initiative_origin", args=[self.initiative.key, slug]),
            editor if editor and editor.name == slug else None,
            (refused or self.take_form(one)) if differs else None,
            known or (self.can_edit and one.override is not None),
        )

    def take_form(self, one: InCycle, data: Any = None) -> TakeForm:
        """Return the form that declares what the plan of a cycle says."""
        facts = {name: getattr(self.initiative, name) for name in ("need", "trigger", "version")}
        origin = one.suggestion.origin.value
        return TakeForm(data, pk=one.cycle.pk, origin=origin, facts=facts)

    @property
    def now(self) -> InCycle | None:
        """Return the cycle that runs."""
        return next(
            (one for one in self.told if one.cycle.starts_on <= self.today < one.cycle.ends_before),
            None,
        )

    @property
    def counts(self) -> str:
        """Return the origin that counts today."""
        return self.now.tag.effective.value if self.now else self.initiative.origin

    @property
    def differs(self) -> str:
        """Say how the declared origin differs from the one that counts today, "" where not."""
        if self.now is None or not self.now.differs:
            return ""
        by = "somebody’s word" if self.now.tag.override else "the plan"
        return f"Declared {self.initiative.origin}; by {by} of {self.now.cycle} {self.counts}"

    @property
    def finding(self) -> str:
        """Say what counts today, in a sentence."""
        if self.now is None:
            return "Origin, cycle by cycle"
        if self.now.differs:
            declared = self.initiative.origin
            return f"Counts as {self.counts} in {self.now.cycle}, though declared {declared}"
        return f"Counts as {self.counts} in {self.now.cycle}"

    @property
    def notice(self) -> str:
        """Return what became of a write that was not saved, "" where all is well."""
        return self.editor.notice if self.editor else ""

    @property
    def birth(self) -> str:
        """Return the first origin that counted, in a word; "" while there is none."""
        return label_of(self.initiative.birth_origin) if self.initiative.birth_origin else ""

    @cached_property
    def past(self) -> list[Said]:
        """Return earlier words that no longer count, the newest first."""
        rows = past_overrides(self.initiative.pk) if self.told else []
        return [said_of(row, self._when) for row in rows]

    @cached_property
    def relatives(self) -> list[Relative]:
        """Return what it was split or merged from, and into."""
        return relatives_of(self.initiative)

    @property
    def can_split(self) -> bool:
        """Tell whether it can be split, or others merged into it."""
        it = self.initiative
        return self.can_edit and it.status not in CLOSED and it.merged_into_id is None

    @property
    def can_undo(self) -> str:
        """Return what can be taken back, as its button says it; "" for nothing."""
        kin = {one.kin for one in self.relatives}
        if not self.can_edit or not kin & {Kin.SPLIT_INTO, Kin.MERGED_INTO}:
            return ""
        return "Undo the merge" if Kin.MERGED_INTO in kin else "Undo the split"

    @property
    def undo_asks(self) -> str:
        """Return what the button asks first."""
        if self.can_undo == "Undo the merge":
            return "Take it out of the other again? It gets back what remained of it."
        return "Undo the split? Its parts are deleted, as long as no work went on in them."

    def _when(self, moment: Any) -> str:
        return moment_words(moment, self.zone, self.today)


def said_of(row: Any, when: Callable[[Any], str]) -> Said:
    """Return an override, or a record of one, in words."""
    record = hasattr(row, "history_type")
    by, at = (row.history_user, row.history_date) if record else (row.by, row.at)
    return Said(
        label_of(row.origin),
        REASONS[OverrideReason(row.code)],
        row.text,
        str(by or "somebody who has left"),
        when(at),
        withdrawn=record and row.history_type == "-",
    )
