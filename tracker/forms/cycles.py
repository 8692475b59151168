"""The form of a cycle."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.actions import cycles as actions
from tracker.domain.calendar import Period
from tracker.models import Cycle, User
from tracker.models.cycles import MOST_GRACE_DAYS

MOST_YEARS = 10


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CycleForm(forms.Form):
    """Name, first and last day, and the days after its start in which a lock may open it."""

    name = forms.CharField(label="Name", max_length=40)
    starts_on = _day("First day")
    last_day = _day("Last day")
    grace_days = forms.IntegerField(
        label="Days of grace",
        min_value=0,
        max_value=MOST_GRACE_DAYS,
        help_text="How long after the first day a lock may still say what was planned.",
    )

    def __init__(self, *args: Any, cycle: Cycle | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        self.fields["name"].widget.attrs |= {"autocomplete": "off"}
        self.fields["grace_days"].widget.attrs |= {"inputmode": "numeric", "class": "num w-3"}
        if cycle is not None and actions.is_locked(cycle):
            for name in ("starts_on", "last_day", "grace_days"):
                self.fields[name].disabled = True
            self.fields["grace_days"].help_text = actions.LOCKED

    @classmethod
    def of(cls, cycle: Cycle) -> "CycleForm":
        """Return the form filled with how a cycle stands."""
        return cls(cycle=cycle, initial=_initial(cycle))

    @classmethod
    def bound(cls, data: Any, cycle: Cycle) -> "CycleForm":
        """Return the form with what was typed for a cycle."""
        return cls(data, cycle=cycle, initial=_initial(cycle))

    @classmethod
    def next(cls, period: Period) -> "CycleForm":
        """Return the form filled with a period of the fiscal calendar."""
        return cls(
            initial={
                "name": period.label,
                "starts_on": period.start,
                "last_day": period.last_day,
                "grace_days": 0,
            }
        )

    def clean_name(self) -> str:
        """Return the name on one line."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise ValidationError("Give the cycle a name, such as FY27 or 2027 H1.")
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse days that don't fit together."""
        given = super().clean() or {}
        start, last = given.get("starts_on"), given.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", "The last day must not lie before the first.")
        elif start and last and (last - start).days > MOST_YEARS * 366:
            self.add_error("last_day", f"That is longer than {MOST_YEARS} years.")
        return given

    def values(self) -> dict[str, Any]:
        """Return the values by the cycle's field names."""
        given = self.cleaned_data
        last: date = given["last_day"]
        return {
            "name": given["name"],
            "starts_on": given["starts_on"],
            "ends_before": last + timedelta(days=1),
            "grace_days": given["grace_days"],
        }

    def save(self, by: User) -> Cycle | None:
        """Store the cycle, and return None where that is refused: the form then says why."""
        try:
            if self.cycle is None:
                return actions.add(by=by, **self.values())[0]
            return actions.change(by=by, pk=self.cycle.pk, changes=self.values())
        except ValidationError as error:
            self._take(error)
        return None

    def _take(self, error: ValidationError) -> None:
        """Hang each message at the field that a person can change."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in found.items():
            field = "last_day" if name == "ends_before" else name
            for message in messages:
                self.add_error(field if field in self.fields else None, message)


def _initial(cycle: Cycle) -> dict[str, Any]:
    return {
        "name": cycle.name,
        "starts_on": cycle.starts_on,
        "last_day": cycle.last_day,
        "grace_days": cycle.grace_days,
    }
