"""What wants a team's attention: counts, each the length of a filtered list."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q

from tracker.domain.lifecycle import Status
from tracker.domain.mix import Origin
from tracker.domain.overview import Attention
from tracker.models import Initiative

STALE_AFTER = timedelta(days=14)


def attention_of(team_ids: Iterable[int], now: datetime) -> Attention:
    """Count in one query what wants attention in these teams."""
    stale = Q(status=Status.ACTIVE, updated_at__lt=now - STALE_AFTER)
    return Attention(
        **Initiative.objects.filter(team_id__in=list(team_ids)).aggregate(
            all=Count("pk"),
            unclassified=Count("pk", filter=Q(origin=Origin.UNCLASSIFIED)),
            unestimated=Count("pk", filter=Q(estimate_mpd__isnull=True)),
            stale=Count("pk", filter=stale),
        )
    )
