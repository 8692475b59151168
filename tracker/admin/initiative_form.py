"""The form of an initiative as leads correct it."""

from typing import Any

from django import forms

from tracker.actions import initiatives as actions
from tracker.actions.errors import Conflict
from tracker.actions.initiatives import EDITABLE
from tracker.admin.base import day_input
from tracker.admin.fields import EffortField
from tracker.admin.history import labels_of_record
from tracker.admin.rehearsal import RehearsedForm
from tracker.domain.lifecycle import Status
from tracker.domain.mix import Origin
from tracker.domain.wording import day_words, pd_words
from tracker.models import Initiative, Label

DATES = ["committed_on", "delivered_on", "cancelled_on", "deferred_on"]
WITHOUT_COMMITMENT = {Status.DEFERRED, Status.CANCELLED}


class InitiativeForm(RehearsedForm):
    """What a lead may correct; the status moves by verbs on the initiative's own page."""

    stale = (Conflict,)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31)
    estimate_mpd = EffortField(label="Estimate")
    actual_mpd = EffortField(label="Realised effort")
    external_url = forms.URLField(
        label="Link", required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Initiative
        fields = [
            "title",
            "description",
            "owner",
            "origin",
            "need",
            "trigger",
            "reason",
            "estimate_mpd",
            "actual_mpd",
            "expected_value",
            "realised_value",
            "target_start",
            "due_on",
            *DATES,
            "labels",
            "external_source",
            "external_key",
            "external_url",
        ]
        widgets = {
            "labels": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 6}),
            **dict.fromkeys(["target_start", "due_on", *DATES], day_input()),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version_now = self.initial["seen"] = self.instance.version
        if "labels" in self.fields:
            labels: Any = self.fields["labels"]
            labels.queryset = Label.objects.filter(team=self.instance.team_id)
        for name in DATES:
            if name in self.fields:
                may_lack = name == "committed_on" and self.instance.status in WITHOUT_COMMITMENT
                self.fields[name].required = not may_lack

    def clean(self) -> Any:
        """Ask what an opportunity answers to, as everywhere else."""
        cleaned = super().clean() or {}
        if cleaned.get("origin") == Origin.OPPORTUNISTIC and "origin" in self.changed_data:
            for name in ("need", "trigger"):
                if not cleaned.get(name):
                    self.add_error(name, "Choose one: opportunistic work has it.")
        return cleaned

    def write(self) -> Initiative:
        """Write what the person changed and return the initiative as saved."""
        given = self.cleaned_data
        changes = {name: given[name] for name in self.changed_data if name in EDITABLE}
        labels = None
        if "labels" in self.changed_data:
            labels = sorted(label.name for label in given["labels"])
        if given["seen"] != self.version_now:
            changes, labels = self._own(changes, labels)
        if not changes and labels is None:
            return Initiative.every.get(pk=self.instance.pk)
        return actions.edit(
            by=self.by, pk=self.instance.pk, version=given["seen"], changes=changes, labels=labels
        )

    def _own(
        self, changes: dict[str, Any], labels: list[str] | None
    ) -> tuple[dict[str, Any], list[str] | None]:
        """Leave out what differs only because somebody else changed it after it was read."""
        seen = self.instance.history.filter(version=self.cleaned_data["seen"]).first()
        if seen is None:
            return changes, labels
        own = {name: value for name, value in changes.items() if value != getattr(seen, name)}
        if labels is not None and labels == labels_of_record(seen.pk):
            labels = None
        return own, labels

    def tell_stale(self, error: Conflict) -> list[str]:
        """Return the values that differ in words."""
        self.seen_again("seen", error.current.version)
        return [
            f"{self.fields[name].label}: now “{shown(name, getattr(error.current, name))}”, "
            f"you have “{shown(name, value)}”."
            for name, value in error.typed.items()
            if getattr(error.current, name) != value
        ]


def shown(name: str, value: Any) -> str:
    """Return a value as people read it."""
    if value in (None, ""):
        return "nothing"
    if name.endswith("_mpd"):
        return pd_words(value)
    return day_words(value) if name.endswith(("_on", "_start")) else str(value)
