"""Import batches of the led teams, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from tracker.admin.base import LedAdmin
from tracker.admin.filters import TeamFilter
from tracker.domain.wording import day_words
from tracker.models import ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(LedAdmin):
    """What was imported, by whom; undone on the batch's own page."""

    about = "Files brought into your teams, and where to undo them."
    noun, nouns = "import", "imports"
    position = 5
    list_display = ["filename", "team_name", "state", "row_count", "by", "brought", "page"]
    list_display_links = None
    list_filter = [TeamFilter, "state"]
    list_select_related = ["team", "user"]
    ordering = ["-created_at", "-pk"]
    fields = ["filename", "team_name", "state", "row_count", "by"]
    readonly_fields = ["team_name", "by"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave the files themselves in the database."""
        return super().get_queryset(request).defer("content", "report", "mapping")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody edits a batch by hand."""
        return False

    @admin.display(description="Team", ordering="team__name")
    def team_name(self, batch: ImportBatch) -> str:
        """Return the team without a link."""
        return batch.team.name

    @admin.display(description="Brought", ordering="created_at")
    def brought(self, batch: ImportBatch) -> str:
        """Return the day the file came."""
        return day_words(batch.created_at.date())

    @admin.display(description="By")
    def by(self, batch: ImportBatch) -> str:
        """Return who brought the file."""
        return str(batch.user or "–")

    @admin.display(description="Page")
    def page(self, batch: ImportBatch) -> str:
        """Link to the batch's page in the product."""
        return format_html('<a href="{}">Open</a>', reverse("import_batch", args=[batch.pk]))
