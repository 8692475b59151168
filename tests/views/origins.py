"""What the tests of origins share."""

import re
from typing import Any

from tests.cast import Cast
from tracker.actions import overrides
from tracker.domain.mix import Origin
from tracker.domain.origins import OverrideReason
from tracker.models import Cycle, Initiative, OriginOverride


def words(answer: Any) -> str:
    """Return what a page says, without markup."""
    html = answer.content.decode()
    html = re.sub(r"<(script|style|svg).*?</\1>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u202f", " ").split())


def override(cast: Cast, it: Initiative, text: str = "Agreed in May.") -> OriginOverride:
    return overrides.override(
        by=cast.member,
        initiative_pk=it.pk,
        cycle=Cycle.objects.get(),
        origin=Origin.PLANNED,
        code=OverrideReason.AGREED_OUTSIDE_PLAN,
        text=text,
    )
