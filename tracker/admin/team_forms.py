"""The forms of teams: their settings for leads, their place in the tree for superusers."""

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet

from tracker.actions import teams as actions
from tracker.admin.fields import WEEKDAYS, WeekdaysField, fte, percent
from tracker.admin.rehearsal import RehearsedForm
from tracker.models import Organisation, Team

EDGES = ("band_lower", "band_upper", "band_derail")
TREE = ("name", "slug", "key_prefix", "parent")


class HolidayFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Days off; those in closed periods stay as they are."""

    def clean(self) -> None:
        """Refuse to add or to remove a day that has been reported."""
        super().clean()
        for form in self.forms:
            day = form.instance.day if form in self.deleted_forms else None
            if form not in self.deleted_forms and form.has_changed() and form.is_valid():
                day = form.cleaned_data.get("day")
            if day is not None and self.instance.pk:
                actions.refuse_closed(self.instance, day)


class TeamForm(RehearsedForm):
    """A team; leads see what is above the settings and can't change it."""

    stale = (actions.StaleSettings,)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=2**62)
    band_lower = percent("Band from, %", "Below it the team counts as rigid.")
    band_upper = percent("Band to, %", "Above it the team counts as stretched.")
    band_derail = percent("Derailed above, %")
    working_weekdays = WeekdaysField(label="Working days")
    default_fte_milli = fte(
        "Usual FTE of an initiative",
        100,
        "Taken where an initiative has no estimate or no target date.",
    )

    class Meta:
        model = Team
        fields = [*TREE, "band_lower", "band_upper", "band_derail"]
        fields += ["working_weekdays", "default_fte_milli"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = actions.version_of(self.instance)
        else:
            self.initial = {**self._of_a_new_team(), **self.initial}

    def _of_a_new_team(self) -> dict[str, Any]:
        """Start from the organisation's band and from a usual week."""
        new, org = Team(), Organisation.current()
        usual = {name: getattr(new, name) for name in ("working_weekdays", "default_fte_milli")}
        return usual | {edge: getattr(org or new, edge) for edge in EDGES}

    def write(self) -> Team:
        """Write the settings by their action; the tree, which only superusers get here, after."""
        given = self.cleaned_data
        settings = {name for name in self.changed_data if name in actions.SETTINGS}
        team: Team = self.instance
        if settings:
            team = actions.change_settings(
                by=self.by,
                team_id=self.instance.pk,
                version=given["seen"] or 0,
                changes={name: given[name] for name in settings},
            )
        if "parent" in self.changed_data:
            team = Team.objects.get(pk=self.instance.pk)
            team.parent = given["parent"]
            team.save()
        return team

    def tell_stale(self, error: actions.StaleSettings) -> list[str]:
        """Name the settings that differ."""
        self.seen_again("seen", error.version)
        lines = []
        for name in sorted(error.fields & set(self.fields)):
            field, kept = self.fields[name], getattr(error.current, name)
            lines.append(f"{field.label}: now {in_words(field, kept)}.")
        return lines


def in_words(field: forms.Field, kept: Any) -> str:
    """Return a setting as the form shows it."""
    if isinstance(field, WeekdaysField):
        return ", ".join(WEEKDAYS[int(day)] for day in field.prepare_value(kept))
    return str(field.prepare_value(kept))
