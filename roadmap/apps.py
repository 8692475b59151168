"""How the project configures Django's own applications."""

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CollectedFiles(StaticFilesConfig):
    """Leaves out what no page loads: htmx extensions, and the recipe of the vendored files."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "ext", "build"]


class LeadsAdmin(SimpleAdminConfig):
    """Puts the leads' panel in the place of Django's own site."""

    default_site = "tracker.admin.site.LeadsSite"

    def ready(self) -> None:
        """Register what the panel has, and nothing that other applications would add to it."""
        super().ready()
        import_module("tracker.admin.registry")
