"""Labels of the led teams: add, rename, remove."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest

from tracker.actions.labels import remove_label
from tracker.admin.base import LedAdmin, user_of
from tracker.admin.filters import TeamFilter
from tracker.models import Label, Team, TeamCounter


class LabelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A label's name, once a team whatever its case."""

    class Meta:
        model = Label
        fields = ["team", "name"]

    def clean_name(self) -> str:
        """Join the words by single spaces."""
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> Any:
        """Refuse a name that the team has already, whatever its case."""
        cleaned = super().clean() or {}
        team = cleaned.get("team") or self.instance.team_id
        twins = Label.objects.filter(team=team, name__iexact=cleaned.get("name", ""))
        if twins.exclude(pk=self.instance.pk).exists():
            raise ValidationError({"name": "The team has a label of this name."})
        return cleaned


@admin.register(Label)
class LabelAdmin(LedAdmin):
    """A label stays in its team; deleting one takes it off its initiatives."""

    about = "The words your teams sort initiatives by."
    noun, nouns = "label", "labels"
    position = 4
    form = LabelForm
    fields = ["team", "name"]
    list_display = ["name", "team_name", "uses"]
    list_filter = [TeamFilter]
    search_fields = ["name"]
    list_select_related = ["team"]
    ordering = ["name", "pk"]
    delete_confirmation_template = "admin/label_delete.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count the initiatives beside each label."""
        alive = Q(initiatives__deleted_at__isnull=True)
        return super().get_queryset(request).annotate(use_count=Count("initiatives", filter=alive))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep a label in the team it was made in."""
        return ["team_name"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the team, to choose on a new label only."""
        return ["team_name", "name"] if obj else ["team", "name"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the led teams only."""
        kwargs["queryset"] = Team.objects.led_by(user_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let leads add labels; the form offers their teams only."""
        return self.may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let leads delete what their teams have."""
        return self.may(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say which labels go; initiatives only lose the word."""
        return [str(obj) for obj in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take the label off its initiatives, with their history, and delete it."""
        remove_label(by=user_of(request), label=obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save and move the team's stamp."""
        super().save_model(request, obj, form, change)
        TeamCounter.bump(obj.team_id)

    @admin.display(description="Team", ordering="team__name")
    def team_name(self, label: Label) -> str:
        """Return the team without a link."""
        return label.team.name

    @admin.display(description="Initiatives", ordering="use_count")
    def uses(self, label: Any) -> int:
        """Return how many initiatives carry it."""
        return int(label.use_count)
