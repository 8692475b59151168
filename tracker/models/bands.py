"""The two-sided band, as three columns in thousandths of the share."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from tracker.domain.zone import Band

DEFAULT_LOWER, DEFAULT_UPPER, DEFAULT_DERAIL = 200, 350, 500


class BandFields(models.Model):
    """Lower edge, upper edge and derailment, in thousandths: 200 is 20 %."""

    band_lower = models.PositiveSmallIntegerField(
        "band from", default=DEFAULT_LOWER, validators=[MaxValueValidator(1000)]
    )
    band_upper = models.PositiveSmallIntegerField(
        "band to", default=DEFAULT_UPPER, validators=[MaxValueValidator(1000)]
    )
    band_derail = models.PositiveSmallIntegerField(
        "derailed above", default=DEFAULT_DERAIL, validators=[MaxValueValidator(1000)]
    )

    class Meta:
        abstract = True

    @property
    def band(self) -> Band:
        """Return the band as the domain knows it."""
        return Band.of_thousandths(self.band_lower, self.band_upper, self.band_derail)

    @staticmethod
    def constraints(prefix: str) -> list[models.CheckConstraint]:
        """Return the check that the edges are in order and at most 100 %."""
        return [
            models.CheckConstraint(
                condition=Q(band_lower__lte=F("band_upper"))
                & Q(band_upper__lte=F("band_derail"))
                & Q(band_derail__lte=1000),
                name=f"{prefix}_band_is_in_order",
                violation_error_message="The band's edges must rise: from, to, derailed above.",
            )
        ]
