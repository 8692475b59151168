"""What to do to many initiatives at once."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.domain.lifecycle import Verb
from tracker.domain.mix import Origin
from tracker.domain.words import Need, Trigger
from tracker.forms.inputs import DayField, PersonField
from tracker.models import User
from tracker.models.choices import choices

MOST_DIGITS = 18


class Deed(StrEnum):
    """What a button of the bar does."""

    CLASSIFY = "classify"
    STATUS = "status"
    OWNER = "owner"
    LABEL = "label"
    TARGET = "target"
    DELETE = "delete"
    RESTORE = "restore"


class BulkForm(forms.Form):
    """One deed for a selection, or for all that match an address's filters.

    All fields of the bar come along; only those of the deed are read.
    """

    deed = forms.ChoiceField(choices=[(deed.value, deed.value) for deed in Deed])
    everything = forms.BooleanField(required=False)
    matching = forms.CharField(required=False, max_length=3000)
    origin = forms.ChoiceField(choices=choices(Origin), required=False)
    need = forms.ChoiceField(choices=[("", "Need…"), *choices(Need)], required=False)
    trigger = forms.ChoiceField(choices=[("", "Trigger…"), *choices(Trigger)], required=False)
    verb = forms.ChoiceField(choices=choices(Verb), required=False)
    on = DayField(required=False, label="As of")
    owner = PersonField(
        widget=forms.TextInput(
            attrs={"list": "people", "autocomplete": "off", "placeholder": "Nobody"}
        )
    )
    label = forms.CharField(
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"list": "labels", "autocomplete": "off"}),
    )
    due_on = DayField(required=False, label="Target date")
    moment = forms.CharField(required=False, max_length=40)

    def __init__(
        self, data: Any = None, *, today: date, people: Collection[User] = (), deed: str = ""
    ) -> None:
        self.today = today
        super().__init__(data, auto_id="id_bulk_%s", initial={"on": today})
        if isinstance(owner := self.fields["owner"], PersonField):
            owner.people = people
        mine = {
            Deed.CLASSIFY: ("origin", "need", "trigger"),
            Deed.STATUS: ("verb", "on"),
            Deed.OWNER: ("owner",),
            Deed.LABEL: ("label",),
            Deed.TARGET: ("due_on",),
            Deed.RESTORE: ("moment",),
        }
        if data is not None:
            # What stands half typed in another menu must not stop this one.
            kept = {"deed", "everything", "matching", *mine.get(deed, ())}  # type: ignore[call-overload]
            for name in set(self.fields) - kept:
                del self.fields[name]
        for field in self.visible_fields():
            is_select = isinstance(field.field.widget, forms.Select)
            field.field.widget.attrs["class"] = "select" if is_select else "input"

    def clean_on(self) -> date:
        """Return the day, today where none is given; refuse the future."""
        on: date = self.cleaned_data["on"] or self.today
        if on > self.today:
            raise ValidationError("That day has not come yet. Choose today or an earlier one.")
        return on

    def clean_verb(self) -> Verb:
        """Return the verb."""
        if not self.cleaned_data["verb"]:
            raise ValidationError("Choose what to do.")
        return Verb(self.cleaned_data["verb"])

    def clean_label(self) -> str:
        """Return the label's name; there has to be one."""
        label = " ".join(str(self.cleaned_data["label"]).split())
        if not label:
            raise ValidationError("Type a label.")
        return label

    def clean_moment(self) -> datetime:
        """Return the instant at which the rows to restore were deleted."""
        found = read_moment(self.cleaned_data["moment"])
        if found is None:
            raise ValidationError("It is not known any more what to restore.")
        return found

    def clean(self) -> dict[str, Any]:
        """Drop what only an opportunity has."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("origin") != Origin.OPPORTUNISTIC:
            data["need"] = data["trigger"] = ""
        return data

    @property
    def changes(self) -> dict[str, Any]:
        """Return what the deed sets, by column."""
        names = {
            Deed.CLASSIFY: ("origin", "need", "trigger"),
            Deed.OWNER: ("owner",),
            Deed.TARGET: ("due_on",),
        }[Deed(self.cleaned_data["deed"])]
        found = {name: self.cleaned_data[name] for name in names}
        if "origin" in found:
            found["origin"] = found["origin"] or Origin.UNCLASSIFIED.value
        return found


def read_moment(text: str) -> datetime | None:
    """Return an instant as it was written by ``isoformat``, None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def read_pks(texts: Collection[str]) -> list[int]:
    """Return the ids of a selection; what is no number is left out."""
    return [
        int(text)
        for text in dict.fromkeys(texts)
        if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    ]
