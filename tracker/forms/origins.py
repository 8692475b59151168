"""The forms about origins: to take the plan's word, to override it, to withdraw an override."""

from typing import Any

from django import forms

from tracker.actions.overrides import seen_of
from tracker.domain.mix import Origin
from tracker.domain.origins import OverrideReason
from tracker.domain.words import Need, Trigger
from tracker.figures.origins import REASONS
from tracker.models import OriginOverride
from tracker.models.choices import choices

UNCHOSEN = [("", "Choose…")]


class OverrideForm(forms.Form):
    """Why a person knows better than the plan. ``seen`` is the override as it was read."""

    origin = forms.ChoiceField(
        choices=[pair for pair in choices(Origin) if pair[0] != Origin.UNCLASSIFIED],
        widget=forms.HiddenInput,
    )
    code = forms.ChoiceField(
        choices=UNCHOSEN + [(reason.value, words) for reason, words in REASONS.items()],
        label="Kind of reason",
    )
    text = forms.CharField(
        max_length=1000,
        label="Why",
        help_text="It stands beside every figure that it changes.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, origin: Origin, override: OriginOverride | None = None
    ) -> None:
        initial = {"origin": origin.value, "seen": seen_of(override)}
        if override:
            initial |= {"code": override.code, "text": override.text}
        super().__init__(data, initial=initial, auto_id="id_override_%s")

    def words(self) -> dict[str, Any]:
        """Return the values as the action takes them."""
        data = self.cleaned_data
        return {
            "origin": Origin(data["origin"]),
            "code": OverrideReason(data["code"]),
            "text": data["text"],
            "seen": data["seen"],
        }


class WithdrawForm(forms.Form):
    """Which state of the override was read."""

    seen = forms.CharField(max_length=60, widget=forms.HiddenInput)


class TakeForm(forms.Form):
    """Declare what the plan says; of an opportunity also what brought it, where nobody has said.

    ``facts`` are the initiative's origin, need, trigger and version.
    """

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    need = forms.ChoiceField(choices=[("", "Need…"), *choices(Need)], label="Need")
    trigger = forms.ChoiceField(choices=[("", "Trigger…"), *choices(Trigger)], label="Trigger")

    def __init__(self, data: Any = None, *, pk: int, origin: str, facts: Any) -> None:
        self.origin = origin
        initial = {name: facts[name] for name in ("version", "need", "trigger")}
        super().__init__(data, initial=initial, auto_id=f"id_take_{pk}_%s")
        for name in ("need", "trigger"):
            if origin != Origin.OPPORTUNISTIC or facts[name]:
                del self.fields[name]
            else:
                self.fields[name].error_messages["required"] = "Choose one: an opportunity has it."

    def changes(self) -> dict[str, str]:
        """Return the fields to set."""
        asked = ("need", "trigger")
        return {"origin": self.origin} | {
            name: self.cleaned_data[name] for name in asked if name in self.fields
        }
