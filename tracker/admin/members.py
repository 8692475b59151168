"""Members and their roles in the led teams."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from tracker.actions import members as actions
from tracker.admin.base import LedAdmin, user_of
from tracker.admin.filters import TeamFilter, led_teams, people_of
from tracker.admin.history import HistoryPages
from tracker.admin.rehearsal import RehearsedForm
from tracker.models import Membership, Role, Team


class MembershipForm(RehearsedForm):
    """Who has which role in which team; afterwards only the role changes."""

    stale = (actions.RoleMoved,)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Membership
        fields = ["team", "user", "role"]
        labels = {"user": "Person"}
        help_texts = {
            "user": "People of your teams. Anybody else is invited by e-mail, from the list.",
            "role": "A lead also leads the teams below.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.role

    def write(self) -> Membership:
        """Change the role by its action, which keeps a lead in every team."""
        given = self.cleaned_data
        kept = Membership.objects.get(pk=self.instance.pk)
        seen = given.get("seen") or kept.role
        return actions.change_role(by=self.by, membership=kept, role=Role(given["role"]), seen=seen)

    def tell_stale(self, error: actions.RoleMoved) -> list[str]:
        """Say which role stands now."""
        self.seen_again("seen", error.membership.role)
        return [f"The role is now {error.membership.get_role_display().lower()}."]


@admin.register(Membership)
class MembershipAdmin(HistoryPages, LedAdmin):
    """Leads give roles in their teams to people they know, up to lead and no further."""

    about = "Who belongs to your teams, and in which role."
    noun, nouns = "member", "members"
    position = 2
    form = MembershipForm
    list_display = ["person", "email", "team_name", "role"]
    list_display_links = ["person"]
    list_filter = [TeamFilter, "role"]
    search_fields = ["user__name", "user__email"]
    list_select_related = ["user", "team"]
    ordering = ["user__name", "user__email", "pk"]
    change_list_template = "admin/members_change_list.html"
    delete_confirmation_template = "admin/member_delete.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show person and team, to choose on a new membership only."""
        if obj:
            return ["team_name", "person", "email", "role", "seen"]
        return ["team", "user", "role"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep a membership with its person and team, so that it can't wander off."""
        return ["team_name", "person", "email"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer led teams, and people the lead knows already."""
        user = user_of(request)
        if db_field.name == "team":
            kwargs["queryset"] = Team.objects.led_by(user)
        else:
            kwargs["queryset"] = people_of(user).filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let leads add people; the form offers those they know, in their teams."""
        return self.may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let leads take people out of their teams."""
        return self.may(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Add a person, or change the role by its action."""
        if change:
            form.write()
        else:
            super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say who leaves, or why that can't be: every team keeps a lead."""
        blocked = []
        for membership in objs:
            try:
                with transaction.atomic():
                    actions.remove(by=user_of(request), membership=membership)
                    transaction.set_rollback(True)
            except actions.LastLead as error:
                blocked += error.messages
        return [str(obj) for obj in objs], {}, set(), blocked

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take the person out of the team, which stays in its history."""
        actions.remove(by=user_of(request), membership=obj)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Link to where people outside the teams are invited."""
        context = {"invite_teams": led_teams(user_of(request)), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description="Person", ordering="user__name")
    def person(self, membership: Membership) -> str:
        """Return the person's name without a link."""
        return str(membership.user)

    @admin.display(description="E-mail", ordering="user__email")
    def email(self, membership: Membership) -> str:
        """Return the address."""
        return membership.user.email

    @admin.display(description="Team", ordering="team__name")
    def team_name(self, membership: Membership) -> str:
        """Return the team without a link."""
        return membership.team.name
