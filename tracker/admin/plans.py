"""Plans of the led teams, to look at: they are changed on their own page, locks nowhere."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from tracker.admin.base import LedAdmin
from tracker.admin.filters import TeamFilter
from tracker.domain.wording import band_words, day_words, pd_words
from tracker.models import Plan


@admin.register(Plan)
class PlanAdmin(LedAdmin):
    """What each team plans for which cycle, and how often that was locked."""

    about = "What your teams plan, cycle by cycle, and where to change it."
    noun, nouns = "plan", "plans"
    position = 4
    list_display = ["cycle_name", "team_name", "items_ranked", "reserve", "locked", "page"]
    list_display_links = None
    list_filter = [TeamFilter]
    list_select_related = ["team", "cycle"]
    ordering = ["-cycle__starts_on", "team__name", "pk"]
    readonly_fields = [
        *("cycle_name", "team_name", "items_ranked", "reserve", "band_held", "locked", "chain")
    ]
    fields = tuple(readonly_fields)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count items and locks along with the rows."""
        counts = {
            "item_count": Count("items", distinct=True),
            "lock_count": Count("baselines", distinct=True),
        }
        return super().get_queryset(request).annotate(**counts)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Plans are changed where one sees the line move; a lock is never changed."""
        return False

    @admin.display(description="Cycle", ordering="cycle__starts_on")
    def cycle_name(self, plan: Plan) -> str:
        """Return the cycle without a link."""
        return plan.cycle.name

    @admin.display(description="Team", ordering="team__name")
    def team_name(self, plan: Plan) -> str:
        """Return the team without a link."""
        return plan.team.name

    @admin.display(description="Items")
    def items_ranked(self, plan: Any) -> int:
        """Return how many initiatives are ranked."""
        return int(plan.item_count)

    @admin.display(description="Reserve", ordering="reserve_mpd")
    def reserve(self, plan: Plan) -> str:
        """Return what is kept back."""
        return pd_words(plan.reserve_mpd)

    @admin.display(description="Band")
    def band_held(self, plan: Plan) -> str:
        """Return the band that holds in the cycle."""
        return band_words(plan.band)

    @admin.display(description="Locked")
    def locked(self, plan: Any) -> str:
        """Return how often the plan was locked."""
        count = int(plan.lock_count)
        return f"{count} time{'s' if count != 1 else ''}" if count else "not yet"

    @admin.display(description="Locks")
    def chain(self, plan: Plan) -> str:
        """Return the locks in order, with who made them."""
        rows = plan.baselines.order_by("number")
        words = [f"{row.name}, {day_words(row.locked_on)}, {row.locked_by_name}" for row in rows]
        return "; ".join(words)

    @admin.display(description="Page")
    def page(self, plan: Plan) -> str:
        """Link to the plan's own page."""
        url = reverse("plan", args=[plan.team.slug, plan.cycle.slug])
        return format_html('<a href="{}">Open</a>', url)
