"""The editors of the table's cells."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from tracker.domain.lifecycle import Status, Verb, allowed_verbs
from tracker.domain.wording import day_words
from tracker.forms.initiative_fields import (
    EstimateForm,
    FieldForm,
    OriginForm,
    OwnerForm,
    TitleForm,
)
from tracker.forms.inputs import DayField, EffortField
from tracker.forms.lifecycle import TurnForm, ask_for_commitment
from tracker.models import Initiative, WorkSegment
from tracker.models.choices import choices


class CellOriginForm(OriginForm):
    """The origin with need and trigger; the reason stays as it is."""

    columns: ClassVar[tuple[str, ...]] = ("origin", "need", "trigger")  # type: ignore[assignment]
    reason = None  # type: ignore[assignment]


class DueForm(FieldForm):
    """The target date."""

    columns = ("due_on",)
    due_on = DayField(required=False, label="Target date")

    def clean_due_on(self) -> date | None:
        """Refuse an end before the beginning."""
        day: date | None = self.cleaned_data["due_on"]
        start = self.initiative.target_start
        if day and start and day < start:
            raise ValidationError(f"The target start is {day_words(start)}. Choose a later day.")
        return day


class StatusForm(forms.Form):
    """A status verb as of a day, and the realised effort where it is delivered."""

    columns: ClassVar[tuple[str, ...]] = ("status",)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    verb = forms.ChoiceField(choices=choices(Verb), label="Change of status")
    on = DayField(label="As of")
    actual_mpd = EffortField(label="Realised effort", allow_zero=True)
    committed_on = DayField(required=False, label="Committed on")

    def __init__(
        self,
        data: Any = None,
        *,
        initiative: Initiative,
        today: date,
        segments: Sequence[WorkSegment] = (),
    ) -> None:
        self.initiative, self.today, self.segments = initiative, today, segments
        initial = {"version": initiative.version, "on": today, "actual_mpd": initiative.actual_mpd}
        super().__init__(data, initial=initial, auto_id="id_status_%s")
        verbs = allowed_verbs(Status(initiative.status))
        verb = self.fields["verb"]
        # What was allowed when the page was read is known, too: it meets a conflict, not a typo.
        verb.widget.choices = [("", "Change to…"), *((v.value, v.capitalize()) for v in verbs)]
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.sent = self.data  # as it was typed, without what is proposed
        ask_for_commitment(self, self.data.get("verb", ""))

    def clean(self) -> dict[str, Any]:
        """Refuse a day on which the verb can't be: the same rules as on the initiative's page."""
        data: dict[str, Any] = super().clean() or {}
        allowed = allowed_verbs(Status(self.initiative.status))
        if self.errors or Verb(data["verb"]) not in allowed:
            return data
        turn = TurnForm(
            self.sent,
            initiative=self.initiative,
            verb=Verb(data["verb"]),
            today=self.today,
            segments=self.segments,
        )
        for name, messages in turn.errors.items():
            self.add_error(name if name in self.fields else None, list(messages))
        return data

    def given(self) -> dict[str, Any]:
        """Return what goes to the verb beside the day."""
        deliver = self.cleaned_data["verb"] == Verb.DELIVER
        names = ("actual_mpd", "committed_on")
        return {name: self.cleaned_data.get(name) for name in names} if deliver else {}


CELL_FORMS: dict[str, type[FieldForm]] = {
    "title": TitleForm,
    "origin": CellOriginForm,
    "estimate": EstimateForm,
    "target": DueForm,
    "owner": OwnerForm,
}
STATUS = "status"


def dress(form: forms.Form, key: str) -> None:
    """Give inputs the look of the table, and a name of their own where no label is shown."""
    for field in form.visible_fields():
        is_select = isinstance(field.field.widget, forms.Select)
        field.field.widget.attrs["class"] = "select" if is_select else "input"
        field.field.widget.attrs["aria-label"] = f"{field.label} of {key}"
        field.field.help_text = ""
