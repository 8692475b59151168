"""The tracker application."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    """Initiatives, their origin, and the mix a team chose."""

    name = "tracker"
    verbose_name = "Roadmix"
    default_auto_field = "django.db.models.BigAutoField"
