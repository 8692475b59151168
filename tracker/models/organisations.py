"""The installation's one organisation: its calendar, zone and default band."""

import time
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Self
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from tracker.domain.calendar import FiscalCalendar, civil_date
from tracker.models.bands import BandFields


def validate_zone(name: str) -> None:
    """Refuse a zone that the IANA database does not name."""
    if name not in available_timezones():
        raise ValidationError("Choose a time zone such as Europe/Berlin or America/New_York.")


class Organisation(BandFields):
    """One row: what all teams share. Its band is the default for new teams."""

    name = models.CharField(max_length=120)
    reporting_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[validate_zone],
        help_text="The zone that decides which day it is, for example Europe/Berlin.",
    )
    fiscal_start_month = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    fiscal_label_by = models.CharField(
        max_length=5,
        choices=[("end", "the year it ends in"), ("start", "the year it starts in")],
        default="end",
        help_text="Which calendar year names a fiscal year.",
    )
    pd_per_pw = models.PositiveSmallIntegerField(
        "person-days in a person-week",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
    )
    currency = models.CharField(max_length=3, default="EUR", help_text="Three letters, like EUR.")
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="organisation_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(fiscal_start_month__range=(1, 12)),
                name="organisation_start_month_is_a_month",
            ),
            models.CheckConstraint(
                condition=models.Q(pd_per_pw__range=(1, 7)), name="organisation_week_has_days"
            ),
            *BandFields.constraints("organisation"),
        ]

    def __str__(self) -> str:
        return self.name

    KEPT_SECONDS: ClassVar[float] = 5.0
    _kept: ClassVar[tuple[float, Any] | None] = None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the only row."""
        self.pk = 1
        super().save(*args, **kwargs)
        type(self).forget()

    @classmethod
    def current(cls) -> Self | None:
        """Return the organisation, or None before the installation has been set up.

        Every page needs it and it hardly ever changes, so a worker keeps it for a few seconds.
        """
        if cls._kept and cls._kept[0] > time.monotonic():
            return cls._kept[1]  # type: ignore[no-any-return]
        found = cls.objects.first()
        cls._kept = (time.monotonic() + cls.KEPT_SECONDS, found) if found else None
        return found

    @classmethod
    def forget(cls) -> None:
        """Drop what this worker keeps, after a change."""
        cls._kept = None

    def today(self, now: datetime | None = None) -> date:
        """Return the civil date in the reporting zone."""
        return civil_date(now or datetime.now(UTC), self.reporting_zone)

    @property
    def fiscal(self) -> FiscalCalendar:
        """Return the calendar that names this organisation's periods."""
        return FiscalCalendar(start_month=self.fiscal_start_month, label_by=self.fiscal_label_by)
