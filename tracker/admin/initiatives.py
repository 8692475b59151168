"""Initiatives of the led teams: find, correct, classify, hand over, export."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import DateFieldListFilter
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from tracker.actions import initiatives as actions
from tracker.admin.base import leads_team, user_of
from tracker.admin.filters import DeletedFilter, OwnerFilter, TeamFilter
from tracker.admin.history import HistoryPages
from tracker.admin.initiative_actions import BulkActions
from tracker.admin.initiative_form import DATES, InitiativeForm
from tracker.admin.segments import SegmentInline
from tracker.domain.effort import format_pd
from tracker.models import Initiative, Membership, User

SHOWN = ["key_text", "team_name", "status_text", "commitment"]


@admin.register(Initiative)
class InitiativeAdmin(BulkActions, HistoryPages):
    """Leads correct what their teams logged; a delete can be taken back."""

    about = "Everything your teams logged: correct, classify, hand over, export."
    noun, nouns = "initiative", "initiatives"
    position = 3
    form = InitiativeForm
    inlines = [SegmentInline]
    change_form_template = "admin/initiative_change_form.html"
    delete_confirmation_template = "admin/initiative_delete.html"
    date_hierarchy = "committed_on"
    list_display = [
        "key_text",
        "title",
        "team_name",
        "owner_name",
        "origin_badge",
        "status_badge",
        "effort",
        "committed_on",
        "due_on",
    ]
    list_display_links = ["key_text", "title"]
    list_filter = [
        TeamFilter,
        "origin",
        "status",
        "trigger",
        OwnerFilter,
        ("committed_on", DateFieldListFilter),
        DeletedFilter,
    ]
    list_select_related = ["team", "owner"]
    search_fields = ["title", "external_key"]
    search_help_text = "Title or key"
    ordering = ["-pk"]
    readonly_fields = SHOWN

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Offer a date only where the status has it, so that no date can contradict it."""
        dates = [name for name in DATES if obj is not None and getattr(obj, name) is not None]
        return [
            ("Initiative", {"fields": ["seen", tuple(SHOWN), "title", "description", "owner"]}),
            ("Origin", {"fields": [("origin", "need", "trigger"), "reason"]}),
            (
                "Effort and value",
                {
                    "fields": [
                        ("estimate_mpd", "actual_mpd"),
                        ("expected_value", "realised_value"),
                    ]
                },
            ),
            ("Dates", {"fields": [("target_start", "due_on"), *([tuple(dates)] if dates else [])]}),
            ("Labels", {"fields": ["labels"]}),
            ("Source", {"fields": [("external_source", "external_key"), "external_url"]}),
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer as owners those who belong to the team, itself or from above."""
        if db_field.name == "owner":
            match = request.resolver_match
            pk = match.kwargs.get("object_id", "") if match else ""
            kwargs["queryset"] = owners_for(self.get_object(request, pk))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return a row of a led team, locked while it is being written."""
        found = super().get_object(request, object_id, from_field)
        writing = request.method == "POST" and transaction.get_connection().in_atomic_block
        if found is not None and writing:
            Initiative.every.select_for_update().filter(pk=found.pk).first()
            found.refresh_from_db(fields=["version"])
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let leads change what has not been deleted."""
        return self.may(request, obj) and not (obj and obj.is_deleted)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let leads delete what their teams have; it can be restored."""
        return self.may(request, obj) and not (obj and obj.is_deleted)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing goes with a soft delete."""
        return [str(obj) for obj in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take it out of lists and figures."""
        actions.delete(by=user_of(request), pk=obj.pk, version=obj.version)

    def get_urls(self) -> Any:
        """Add the way back from a delete."""
        view = self.admin_site.admin_view(require_POST(self.restore_view))
        return [
            path("<int:pk>/restore/", view, name="tracker_initiative_restore"),
            *super().get_urls(),
        ]

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bring a deleted initiative of a led team back."""
        found = self.get_object(request, str(pk))
        if found is None or not leads_team(user_of(request), found.team_id):
            raise Http404("No initiative of your teams has this address.")
        if found.is_deleted:
            self.put_back(request, Initiative.every.filter(pk=found.pk))
            self.log_change(request, found, "Restored.")
        return redirect("admin:tracker_initiative_change", pk)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write by the actions, which keep versions, history and stamps."""
        if form.has_changed():
            obj.version = form.write().version

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Write the segments, by their actions, too."""
        for formset in formsets:
            formset.write()

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Say how to take it back."""
        text = f"{obj_display} was deleted. You find it under “Deleted” and can restore it."
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:tracker_initiative_changelist")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Find a key exactly, everything else by words."""
        by_key = queryset.with_key(search_term.strip())
        if "-" in search_term and by_key.exists():
            return by_key, False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="Key", ordering="number")
    def key_text(self, initiative: Initiative) -> str:
        """Return the key."""
        return initiative.key

    @admin.display(description="Team", ordering="team__name")
    def team_name(self, initiative: Initiative) -> str:
        """Return the team without a link."""
        return initiative.team.name

    @admin.display(description="Owner", ordering="owner__name")
    def owner_name(self, initiative: Initiative) -> str:
        """Return the owner without a link."""
        return str(initiative.owner or "–")

    @admin.display(description="Status", ordering="status")
    def status_badge(self, initiative: Initiative) -> str:
        """Return the status with its shape."""
        return badge("status", f"s-{initiative.status}", initiative.get_status_display())

    @admin.display(description="Status")
    def status_text(self, initiative: Initiative) -> str:
        """Return the status in a word."""
        gone = ", deleted" if initiative.is_deleted else ""
        return initiative.get_status_display() + gone

    @admin.display(description="Origin", ordering="origin")
    def origin_badge(self, initiative: Initiative) -> str:
        """Return the origin with its shape and colour."""
        kind = f"badge b-{initiative.origin}"
        return badge(kind, f"o-{initiative.origin}", initiative.get_origin_display())

    @admin.display(description="Estimate, pd", ordering="estimate_mpd")
    def effort(self, initiative: Initiative) -> str:
        """Return the estimate in person-days."""
        mpd = initiative.estimate_mpd
        return format_html('<span class="num">{}</span>', "–" if mpd is None else format_pd(mpd))

    @admin.display(description="At the commitment")
    def commitment(self, initiative: Initiative) -> str:
        """Return what was known when it was promised, which stays as it is."""
        mpd = initiative.committed_effort_mpd
        return "–" if mpd is None else f"{format_pd(mpd)} pd"


def badge(css: str, symbol: str, text: str) -> str:
    """Return a word with its mark, as the lists of the product show it."""
    sprite = static("img/icons.svg")
    html = '<span class="{}"><svg aria-hidden="true"><use href="{}#{}"/></svg>{}</span>'
    return format_html(html, css, sprite, symbol, text)


def owners_for(initiative: Initiative | None) -> Any:
    """Return who may own an initiative: the people of its team and of those above it."""
    if initiative is None:
        return User.objects.none()
    held = Membership.objects.filter(team__in=initiative.team.ancestor_ids)
    belongs = User.objects.filter(pk__in=held.values("user"), is_active=True)
    # Whoever owns it today stays on offer, so that saving does not take it away.
    return belongs | User.objects.filter(pk=initiative.owner_id or 0)
