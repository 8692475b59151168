"""Teams: band, working days, usual FTE and holidays; the tree for superusers."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.html import format_html

from tracker.actions import teams as actions
from tracker.admin.base import LedAdmin, LedInline, user_of
from tracker.admin.fields import WEEKDAYS
from tracker.admin.history import HistoryPages
from tracker.admin.team_forms import TREE, HolidayFormSet, TeamForm
from tracker.models import FormerKey, Holiday, Team, TeamCounter

BAND = "The share of opportunistic work the team wants to see."


class HolidayInline(LedInline):
    """Days off, which hold for the teams below, too; they are added and removed, not edited."""

    model = Holiday
    formset = HolidayFormSet
    fields = ["day", "name"]
    verbose_name_plural = "holidays"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A day off is removed and another added, so that the history names both."""
        return False


@admin.register(Team)
class TeamAdmin(HistoryPages, LedAdmin):
    """Leads set how their team works; the tree itself is a superuser's."""

    about = "Band, working days, holidays and the usual FTE."
    noun, nouns = "team", "teams"
    position = 1
    form = TeamForm
    inlines = [HolidayInline]
    list_display = ["name", "parent_name", "key_prefix", "band_text", "days_text", "people"]
    list_display_links = ["name"]
    search_fields = ["name", "key_prefix"]
    ordering = ["name"]
    list_select_related = ["parent"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count the people beside each team."""
        return super().get_queryset(request).annotate(member_count=Count("memberships"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the tree above what a lead sets."""
        tree = TREE if user_of(request).is_superuser else (*TREE[:3], "parent_name")
        return [
            ("Team", {"fields": ["seen", tree]}),
            (
                "Band",
                {
                    "fields": [("band_lower", "band_upper", "band_derail")],
                    "description": BAND,
                },
            ),
            ("Working time", {"fields": ["working_weekdays", "default_fte_milli"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep leads off the tree, and everybody off what links and keys are made of."""
        if not user_of(request).is_superuser:
            return ["name", "slug", "key_prefix", "parent_name"]
        return ["slug", "key_prefix"] if obj else []

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let superusers make teams."""
        return user_of(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let superusers delete a team that never had an initiative and has none below."""
        user = user_of(request)
        return user.is_superuser and (obj is None or is_empty(obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write by the action; a new team is saved as it is."""
        if not change:
            super().save_model(request, obj, form, change)
        elif form.has_changed():
            saved = form.write()
            obj.path = saved.path
        if "parent" in form.changed_data:
            TeamCounter.bump(*Team.objects.values_list("pk", flat=True))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Add and remove days off by their actions."""
        formset.save(commit=False)
        by, team = user_of(request), form.instance
        for holiday in formset.deleted_objects:
            actions.delete_holiday(by=by, holiday=holiday)
        for holiday in formset.new_objects:
            actions.add_holiday(by=by, team=team, day=holiday.day, name=holiday.name)

    @admin.display(description="Part of", ordering="parent__name")
    def parent_name(self, team: Team) -> str:
        """Return the team above without a link to it."""
        return team.parent.name if team.parent else "–"

    @admin.display(description="Band", ordering="band_lower")
    def band_text(self, team: Team) -> str:
        """Return the band in per cent."""
        return f"{team.band_lower / 10:g}–{team.band_upper / 10:g}\u2009%"

    @admin.display(description="Working days")
    def days_text(self, team: Team) -> str:
        """Return the days as three letters each."""
        return " ".join(WEEKDAYS[day][:3] for day in sorted(team.weekdays))

    @admin.display(description="People", ordering="member_count")
    def people(self, team: Any) -> str:
        """Return how many belong to the team itself."""
        return format_html('<span class="tnum">{}</span>', team.member_count)


def is_empty(team: Team) -> bool:
    """Tell whether nothing would be lost with a team."""
    lost = Q(initiatives__isnull=False) | Q(children__isnull=False)
    moved_away = FormerKey.objects.filter(team=team)
    return not Team.objects.filter(lost, pk=team.pk).exists() and not moved_away.exists()
