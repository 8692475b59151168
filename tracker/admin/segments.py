"""Work segments inside the page of their initiative, written by the product's actions."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from tracker.actions import segments as actions
from tracker.actions.errors import Conflict
from tracker.admin.base import LedInline, day_input, user_of
from tracker.admin.fields import fte
from tracker.models import User, WorkSegment

ONE_DAY = timedelta(days=1)


class SegmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A segment with its last day as people say it; the database keeps the day after."""

    last_day = forms.DateField(required=False, widget=day_input(), label="Last day")
    fte_milli = fte("FTE", 1000)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = WorkSegment
        fields = ["starts_on", "fte_milli"]
        labels = {"starts_on": "First day"}
        widgets = {"starts_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["last_day"] = self.instance.last_day
            self.initial["seen"] = actions.seen_of(self.instance)

    def clean(self) -> Any:
        """Turn the inclusive last day into the first day without work."""
        cleaned = super().clean() or {}
        last, first = cleaned.get("last_day"), cleaned.get("starts_on")
        if last and first and last < first:
            raise ValidationError({"last_day": "The last day lies before the first."})
        if last == date.max:
            raise ValidationError({"last_day": "That is too far away."})
        self.instance.ends_before = last + ONE_DAY if last else None
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what the actions take."""
        return {
            "starts_on": self.cleaned_data["starts_on"],
            "ends_before": self.instance.ends_before,
            "fte_milli": self.cleaned_data["fte_milli"],
        }


class SegmentFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The segments together; their write is rehearsed, as that of the form around them."""

    by: User
    status_code = 422
    new_objects: list[Any]
    changed_objects: list[Any]
    deleted_objects: list[Any]

    def clean(self) -> None:
        """Tell what the actions refuse: overlaps, and ends that do not fit the status."""
        super().clean()
        if any(self.errors) or not self.has_changed():
            return
        try:
            with transaction.atomic():
                self.write()
                transaction.set_rollback(True)
        except Conflict as error:
            self.status_code = 409
            text = "A segment has changed since you opened the page. Reload it and try again."
            raise ValidationError(text) from error
        except ValidationError as error:
            raise ValidationError(error.messages) from error

    def write(self) -> None:
        """Remove, change and add, in this order, so that room is made first."""
        gone = [form for form in self.deleted_forms if form.instance.pk]
        kept: list[Any] = [form for form in self.forms if form not in self.deleted_forms]
        changed = [form for form in kept if form.instance.pk and form.has_changed()]
        new = [form for form in kept if not form.instance.pk and form.has_changed()]
        for form in gone:
            seen = form.cleaned_data["seen"]
            actions.remove(by=self.by, segment=form.instance, seen=seen)
        for form in changed:
            seen = form.cleaned_data["seen"]
            actions.change(by=self.by, segment=form.instance, seen=seen, **form.values())
        for form in new:
            actions.add(by=self.by, initiative_pk=self.instance.pk, **form.values())
        self.new_objects = [form.instance for form in new]
        self.changed_objects = [(form.instance, form.changed_data) for form in changed]
        self.deleted_objects = [form.instance for form in gone]


class SegmentInline(LedInline):
    """The intervals of work, corrected by leads."""

    model = WorkSegment
    form = SegmentForm
    formset = SegmentFormSet
    fields = ["seen", "starts_on", "last_day", "fte_milli"]
    verbose_name = "segment"
    verbose_name_plural = "work segments"

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Tell the formset who asks."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.by = user_of(request)
        return formset
