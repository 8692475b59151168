"""How the project configures Django's own applications."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class CollectedFiles(StaticFilesConfig):
    """Leaves out what no page loads: htmx extensions, and the recipe of the vendored files."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "ext", "build"]
