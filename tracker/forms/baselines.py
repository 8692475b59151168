"""The form that locks a plan."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.actions import baselines as actions
from tracker.domain.baseline import BaselineKind
from tracker.models import Baseline, Plan, User

NAMES = {
    BaselineKind.OP1: "OP1: the big rocks, their outcomes and how they are measured",
    BaselineKind.OP2: "OP2: the corrected plan, with how it is done",
    BaselineKind.AMENDMENT: "An amendment: what has changed since, and why",
}


class LockForm(forms.Form):
    """Which lock it is, from which day it holds, and why; with the plan as it was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31)
    kind = forms.ChoiceField(label="Lock as", widget=forms.RadioSelect)
    effective_on = forms.DateField(
        label="Holds from", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label="Why", required=False, max_length=1000)
    anyway = forms.BooleanField(label="Lock without what is missing", required=False)

    def __init__(self, *args: Any, plan: Plan, locks: list[Baseline], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        open_now = actions.kinds_open([lock.kind for lock in locks])
        self.fields["kind"].choices = [(kind.value, NAMES[kind]) for kind in open_now]  # type: ignore[attr-defined]
        self.lacks: list[Any] = []

    @classmethod
    def of(cls, plan: Plan, locks: list[Baseline], today: date) -> "LockForm":
        """Return the form with the usual lock and day."""
        first = max(today, plan.cycle.starts_on) if not locks else today
        last = locks[-1].effective_on if locks else first
        kinds = actions.kinds_open([lock.kind for lock in locks])
        is_running = today >= plan.cycle.starts_on
        initial = {
            "version": plan.version,
            "number": len(locks),
            "kind": (kinds[-1] if is_running else kinds[0]).value,
            "effective_on": max(first, last),
        }
        return cls(plan=plan, locks=locks, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Ask for the tick where something is missing."""
        given = super().clean() or {}
        if self.lacks and not given.get("anyway"):
            self.add_error("anyway", "Say what is missing, or tick this to lock without it.")
        return given

    def save(self, by: User, today: date) -> Baseline | None:
        """Lock the plan; None where that is refused, and the form says why.

        Raises StalePlan where the plan is not what was looked at.
        """
        given = self.cleaned_data
        try:
            return actions.lock(
                by=by,
                plan_pk=self.plan.pk,
                kind=BaselineKind(given["kind"]),
                effective_on=given["effective_on"],
                today=today,
                reason=given["reason"],
                version=given["version"],
                number=given["number"],
            )
        except ValidationError as error:
            self.add_error(None, error)
        return None
