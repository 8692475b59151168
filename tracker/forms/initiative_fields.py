"""The editors of an initiative's page: a form a field, or for fields that belong together."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from tracker.domain.lifecycle import CLOSED, Status
from tracker.domain.mix import Origin
from tracker.domain.wording import day_words
from tracker.domain.words import Need, Trigger
from tracker.forms.inputs import DayField, EffortField, PersonField, ValueField
from tracker.models import Initiative, User
from tracker.models.choices import choices
from tracker.models.initiatives import AFTER_COMMITMENT

LONGEST_TEXT = 50_000
UNCHOSEN = [("", "Not said")]


class FieldForm(forms.Form):
    """One editor. ``columns`` are the fields of the model it sets, named as its own."""

    columns: ClassVar[tuple[str, ...]] = ()
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    why = forms.CharField(
        max_length=500,
        required=False,
        label="Reason for the change",
        widget=forms.TextInput(attrs={"placeholder": "Kept in the history"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        initiative: Initiative,
        today: date,
        people: Collection[User] = (),
    ) -> None:
        self.initiative, self.today = initiative, today
        initial = {name: getattr(initiative, name) for name in self.columns}
        # The ids of several editors on one page must differ.
        auto_id = f"id_{type(self).__name__.removesuffix('Form').lower()}_%s"
        super().__init__(data, initial=initial | {"version": initiative.version}, auto_id=auto_id)
        if isinstance(person := self.fields.get("owner"), PersonField):
            person.people = people
        self.order_fields([*self.columns, "why", "version"])

    @property
    def inputs(self) -> list[forms.BoundField]:
        """Return the fields to type in, without the reason for the change."""
        return [field for field in self.visible_fields() if field.name != "why"]

    def changes(self) -> dict[str, Any]:
        """Return the cleaned values by the model's field."""
        return {name: self.cleaned_data[name] for name in self.columns}

    def _not_later_than_today(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and day > self.today:
            raise ValidationError("That day has not come yet. Choose today or an earlier one.")
        return day


class TitleForm(FieldForm):
    """The title."""

    columns = ("title",)
    title = forms.CharField(max_length=200)


class DescriptionForm(FieldForm):
    """The description, in Markdown."""

    columns = ("description",)
    description = forms.CharField(
        max_length=LONGEST_TEXT,
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 8, "placeholder": "What should come of it, and for whom?"}
        ),
    )

    def clean_description(self) -> str:
        """Keep one kind of line end, so that the history compares texts and not editors."""
        text: str = self.cleaned_data["description"]
        return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


class OwnerForm(FieldForm):
    """The owner, by typing."""

    columns = ("owner",)
    owner = PersonField(widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}))


class OriginForm(FieldForm):
    """The declared origin, and what brought an opportunity."""

    columns = ("origin", "need", "trigger", "reason")
    origin = forms.ChoiceField(choices=choices(Origin))
    need = forms.ChoiceField(choices=UNCHOSEN + choices(Need), required=False)
    trigger = forms.ChoiceField(choices=UNCHOSEN + choices(Trigger), required=False)
    reason = forms.CharField(
        max_length=500,
        required=False,
        label="Why it came",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Drop what only an opportunity has."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("origin") != Origin.OPPORTUNISTIC:
            data["need"] = data["trigger"] = ""
        return data


class EstimateForm(FieldForm):
    """The estimate."""

    columns = ("estimate_mpd",)
    estimate_mpd = EffortField(label="Estimate", help_text="Person-days, or 3w, or 1w 2d.")


class RealisedEffortForm(FieldForm):
    """What it took in the end."""

    columns = ("actual_mpd",)
    actual_mpd = EffortField(
        label="Realised effort", allow_zero=True, help_text="Person-days, or 3w, or 1w 2d."
    )


class ExpectedValueForm(FieldForm):
    """The value expected of it."""

    columns = ("expected_value",)
    expected_value = ValueField()


class RealisedValueForm(FieldForm):
    """The value it brought."""

    columns = ("realised_value",)
    realised_value = ValueField()


class TargetForm(FieldForm):
    """The target start and the target date."""

    columns = ("target_start", "due_on")
    target_start = DayField(required=False)
    due_on = DayField(required=False, label="Target date", help_text="The last day, inclusive.")

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        data: dict[str, Any] = super().clean() or {}
        start, due = data.get("target_start"), data.get("due_on")
        if start and due and start > due:
            self.add_error("due_on", "The target date lies before the target start.")
        return data


class CommittedForm(FieldForm):
    """The day it was committed."""

    columns = ("committed_on",)
    committed_on = DayField(required=False, label="Committed on")

    def clean_committed_on(self) -> date | None:
        """Keep the day in step with the status."""
        day = self._not_later_than_today("committed_on")
        if day and self.initiative.status == Status.PROPOSED:
            raise ValidationError("It is only proposed. Commit it, as of that day.")
        if day is None and self.initiative.status in AFTER_COMMITMENT:
            raise ValidationError("It has been committed, so this needs a day.")
        delivered = self.initiative.delivered_on
        if day and delivered and day > delivered:
            raise ValidationError(f"It was delivered before that, on {day_words(delivered)}.")
        return day


class ClosedForm(FieldForm):
    """The day it was delivered, cancelled or deferred, whichever it was."""

    day = DayField()

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, initiative=initiative, **kwargs)
        self.column = f"{initiative.status}_on"
        self.fields["day"].label = f"{initiative.status.capitalize()} on"
        self.initial["day"] = getattr(initiative, self.column, None)

    def clean_day(self) -> date | None:
        """Refuse a day on which work went on."""
        day = self._not_later_than_today("day")
        if self.initiative.status not in CLOSED:
            raise ValidationError("It goes on, so it has no last day.")
        committed = self.initiative.committed_on
        if day and committed and day < committed and self.initiative.status == Status.DELIVERED:
            raise ValidationError(f"It was committed only on {day_words(committed)}.")
        for segment in self.initiative.segments.all():
            last = segment.last_day
            if day and last and last > day:
                raise ValidationError(
                    f"Work is logged until {day_words(last)}. Shorten that segment first."
                )
        return day

    def changes(self) -> dict[str, Any]:
        """Return the day under the column of the status."""
        return {self.column: self.cleaned_data["day"]}


class ExternalForm(FieldForm):
    """Where it is kept elsewhere."""

    columns = ("external_source", "external_key", "external_url")
    external_source = forms.CharField(
        max_length=40, required=False, label="Source", help_text="The tool, such as Jira."
    )
    external_key = forms.CharField(max_length=120, required=False, label="Key there")
    external_url = forms.URLField(
        max_length=500, required=False, label="Link", assume_scheme="https"
    )

    def clean_external_url(self) -> str:
        """Allow the web only."""
        url: str = self.cleaned_data["external_url"]
        if url and not url.lower().startswith(("http://", "https://")):
            raise ValidationError("Type a link that starts with https://.")
        return url

    def clean(self) -> dict[str, Any]:
        """Refuse a key that another initiative of the team has."""
        data: dict[str, Any] = super().clean() or {}
        if key := data.get("external_key"):
            same = Initiative.objects.filter(
                team_id=self.initiative.team_id,
                external_source=data.get("external_source", ""),
                external_key=key,
            ).exclude(pk=self.initiative.pk)
            if other := same.select_related("team").first():
                self.add_error("external_key", f"{other.key} has this key already.")
        return data


FIELD_FORMS: dict[str, type[FieldForm]] = {
    "title": TitleForm,
    "description": DescriptionForm,
    "owner": OwnerForm,
    "origin": OriginForm,
    "estimate": EstimateForm,
    "realised-effort": RealisedEffortForm,
    "expected-value": ExpectedValueForm,
    "realised-value": RealisedValueForm,
    "target": TargetForm,
    "committed": CommittedForm,
    "closed": ClosedForm,
    "external": ExternalForm,
}
