"""The forms of the funding ledger: what gives way for an opportunity, and one entry anew."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from tracker.actions.funding import Ask, seen_of
from tracker.domain.funding import Manner, Source
from tracker.domain.wording import pd_words
from tracker.forms.inputs import DayField, EffortField
from tracker.models import Funding
from tracker.models.choices import choices
from tracker.queries.funding_entries import Candidate, Room

MOST_ITEMS = 50
SHOWN = 6
WAYS = choices(Manner)


class FundingForm(forms.Form):
    """What gives way: efforts of planned items by id, of the reserve, of added capacity.

    ``room`` is what there is to give; ``data`` may name items that it does not show.
    """

    creation_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        max_length=500,
        required=False,
        label="Note",
        widget=forms.TextInput(attrs={"placeholder": "Who agreed, and why"}),
    )
    on = DayField(label="Agreed on")

    def __init__(self, data: Any = None, *, room: Room, today: date, q: str = "") -> None:
        super().__init__(
            data, initial={"on": today, "creation_key": uuid4()}, auto_id="id_funding_%s"
        )
        self.room, self.today, self.q = room, today, q
        self._typed: list[Ask] = []
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        chosen = _chosen(data or {})
        self.candidates = room.found(q, chosen, SHOWN)
        for one in self.candidates:
            self.fields[f"item-{one.pk}"] = _effort(f"Effort that {one.key} gives")
            self.fields[f"how-{one.pk}"] = forms.ChoiceField(
                choices=WAYS,
                required=False,
                label=f"How {one.key} gives way",
                widget=forms.Select(
                    attrs={
                        "class": "select",
                        "data-sum": "",
                        "aria-label": f"How {one.key} gives way",
                    }
                ),
            )
        self.fields["reserve"] = _effort("From the reserve")
        self.fields["added-capacity"] = _effort("Added capacity")

    @property
    def rows(self) -> list[tuple[Candidate, forms.BoundField, forms.BoundField]]:
        """Return the planned items that are shown, with their inputs."""
        return [(one, self[f"item-{one.pk}"], self[f"how-{one.pk}"]) for one in self.candidates]

    @property
    def reserve(self) -> forms.BoundField:
        """Return the input of the reserve."""
        return self["reserve"]

    @property
    def added(self) -> forms.BoundField:
        """Return the input of added capacity."""
        return self["added-capacity"]

    def clean_on(self) -> date:
        """Refuse the future."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError("That day has not come yet.")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse a form that names nothing."""
        data: dict[str, Any] = super().clean() or {}
        self._typed = list(self.asks())  # before a refusal takes its field out of the data
        if not self.errors and not self._typed:
            raise ValidationError("Type how much something gives, or leave it unfunded.")
        return data

    def asks(self) -> Iterable[Ask]:
        """Yield what was typed and can be read, also of a form that is not valid."""
        for one in self.candidates:
            mpd = self.cleaned_data.get(f"item-{one.pk}")
            if mpd:
                how = self.cleaned_data.get(f"how-{one.pk}") or Manner.DELAY
                yield Ask(Source.DISPLACED, mpd, one.pk, Manner(how))
        for source in (Source.RESERVE, Source.ADDED_CAPACITY):
            mpd = self.cleaned_data.get(source.value)
            if mpd:
                yield Ask(source, mpd)

    def typed(self) -> list[Ask]:
        """Return what was typed so far, nothing of a form that was not sent."""
        return self._typed if self.is_bound and self.errors is not None else []

    def beyond(self) -> list[str]:
        """Return where more was typed than is left, in words."""
        found = []
        left = {one.pk: one for one in self.candidates}
        for ask in self.typed():
            if ask.item is not None and ask.mpd > left[ask.item].left_mpd:
                one = left[ask.item]
                found.append(f"{one.key} has {_left(one.left_mpd)} left to give.")
            elif ask.source == Source.RESERVE and ask.mpd > self.room.left.reserve_mpd:
                left_mpd = self.room.left.reserve_mpd
                found.append(f"The reserve has {_left(left_mpd)} left to give.")
        return found


def _left(mpd: int) -> str:
    return pd_words(mpd) if mpd else "nothing"


def _chosen(data: Any) -> list[int]:
    """Return the ids of the items for which something was typed."""
    names = (name.removeprefix("item-") for name in data if name.startswith("item-"))
    known = [int(name) for name in names if name.isdecimal() and len(name) < 19]
    return [pk for pk in known[:MOST_ITEMS] if str(data.get(f"item-{pk}", "")).strip()]


def _effort(label: str) -> EffortField:
    return EffortField(
        label=label,
        widget=forms.TextInput(
            attrs={
                "class": "input num",
                "inputmode": "decimal",
                "autocomplete": "off",
                "size": 6,
                "data-sum": "",
            }
        ),
    )


class EntryForm(forms.Form):
    """One entry of the ledger. ``seen`` is the entry as it was read, see ``seen_of``."""

    mpd = EffortField(label="Effort", required=True)
    manner = forms.ChoiceField(choices=WAYS, label="How it gives way")
    on = DayField(label="Agreed on")
    note = forms.CharField(max_length=500, required=False, label="Note")
    seen = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, entry: Funding, today: date) -> None:
        self.today = today
        initial = {
            "mpd": entry.mpd,
            "manner": entry.manner,
            "on": entry.on,
            "note": entry.note,
            "seen": seen_of(entry),
        }
        super().__init__(data, initial=initial, auto_id="id_entry_%s")
        if entry.source != Source.DISPLACED:
            del self.fields["manner"]
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> date:
        """Refuse the future."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError("That day has not come yet.")
        return day

    def values(self) -> dict[str, Any]:
        """Return the values as the action takes them."""
        manner = self.cleaned_data.get("manner")
        return {
            "mpd": self.cleaned_data["mpd"],
            "on": self.cleaned_data["on"],
            "note": self.cleaned_data["note"],
            "manner": Manner(manner) if manner else None,
        }


class EntryDeleteForm(forms.Form):
    """Which state of the entry was read."""

    seen = forms.CharField(max_length=600, widget=forms.HiddenInput)
