"""The form of a work segment; people type inclusive days."""

from datetime import date, timedelta
from typing import Any

from django import forms

from tracker.actions.segments import seen_of
from tracker.forms.inputs import DayField, FteField
from tracker.models import WorkSegment


class SegmentForm(forms.Form):
    """A stretch of work. ``seen`` is the segment as it was read, see ``seen_of``."""

    starts_on = DayField(label="First day")
    last_day = DayField(required=False, label="Last day", help_text="Empty while the work goes on.")
    fte_milli = FteField(label="FTE")
    why = forms.CharField(
        max_length=500,
        required=False,
        label="Reason",
        widget=forms.TextInput(attrs={"placeholder": "Kept in the history"}),
    )
    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, today: date, segment: WorkSegment | None = None, usual_fte: int
    ) -> None:
        self.today = today
        initial: dict[str, Any] = {"fte_milli": usual_fte}
        if segment:
            initial = {
                "starts_on": segment.starts_on,
                "last_day": segment.last_day,
                "fte_milli": segment.fte_milli,
                "seen": seen_of(segment),
            }
        super().__init__(data, initial=initial, auto_id="id_segment_%s")
        for name in ("starts_on", "last_day"):
            self.fields[name].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        """Refuse the future and an end before the beginning."""
        data: dict[str, Any] = super().clean() or {}
        for name in ("starts_on", "last_day"):
            if data.get(name) and data[name] > self.today:
                self.add_error(name, "That day has not come yet. Log work once it has been done.")
        start, last = data.get("starts_on"), data.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", "The last day lies before the first.")
        return data

    def values(self) -> dict[str, Any]:
        """Return the values as they are stored, the end exclusive."""
        last = self.cleaned_data["last_day"]
        return {
            "starts_on": self.cleaned_data["starts_on"],
            "ends_before": last + timedelta(days=1) if last else None,
            "fte_milli": self.cleaned_data["fte_milli"],
        }


class SegmentDeleteForm(forms.Form):
    """Which state of the segment was read."""

    seen = forms.CharField(max_length=60, widget=forms.HiddenInput)
