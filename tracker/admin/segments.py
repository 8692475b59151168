"""Work segments inside the page of their initiative."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.admin.base import LedInline, day_input
from tracker.admin.fields import fte
from tracker.domain.lifecycle import Status
from tracker.models import WorkSegment

ONE_DAY = timedelta(days=1)


class SegmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A segment with its last day as people say it; the database keeps the day after."""

    last_day = forms.DateField(required=False, widget=day_input(), label="Last day")
    fte_milli = fte("FTE", 1000)

    class Meta:
        model = WorkSegment
        fields = ["starts_on", "fte_milli"]
        labels = {"starts_on": "First day"}
        widgets = {"starts_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["last_day"] = self.instance.last_day

    def clean(self) -> Any:
        """Turn the inclusive last day into the first day without work."""
        cleaned = super().clean() or {}
        last, first = cleaned.get("last_day"), cleaned.get("starts_on")
        if last and first and last < first:
            raise ValidationError({"last_day": "The last day lies before the first."})
        if last == date.max:
            raise ValidationError({"last_day": "That is too far away."})
        self.instance.ends_before = last + ONE_DAY if last else None
        if "fte_milli" in self.changed_data:
            self.instance.fte_assumed = False
        return cleaned


class SegmentFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The segments together: one after the other, open only while the work is active."""

    def clean(self) -> None:
        """Refuse overlaps, and open ends that do not fit the status."""
        super().clean()
        if any(self.errors) or not self.has_changed():
            return
        kept = [form.instance for form in self.forms if self._is_kept(form)]
        kept.sort(key=lambda row: row.starts_on)
        for earlier, later in pairwise(kept):
            if earlier.ends_before is None or earlier.ends_before > later.starts_on:
                raise ValidationError("Two segments overlap. Each begins after the one before it.")
        self._check_open(any(row.ends_before is None for row in kept))

    def _is_kept(self, form: Any) -> bool:
        return form not in self.deleted_forms and bool(form.instance.starts_on)

    def _check_open(self, is_open: bool) -> None:
        active = self.instance.status == Status.ACTIVE
        if is_open and not active:
            raise ValidationError(
                f"The work is {self.instance.status}, so each segment needs a last day."
            )
        had_open = self.instance.segments.filter(ends_before__isnull=True).exists()
        if active and had_open and not is_open:
            raise ValidationError(
                "Active work has a segment without a last day. Pause or deliver it instead."
            )


class SegmentInline(LedInline):
    """The intervals of work, corrected by leads."""

    model = WorkSegment
    form = SegmentForm
    formset = SegmentFormSet
    fields = ["starts_on", "last_day", "fte_milli"]
    verbose_name = "segment"
    verbose_name_plural = "work segments"
