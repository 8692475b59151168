"""Effort as people type and read it; inside it is whole thousandths of a person-day (mpd)."""

import re
from decimal import Decimal

MPD_PER_PD = 1000
MOST_MPD = 100_000 * MPD_PER_PD
MOST_CHARACTERS = 40
HINT = "Type an effort such as 15, 2.5d, 3w or 1w 2d."

_NUMBER = r"[0-9][0-9.,]*|[.,][0-9]+"
_EFFORT = re.compile(
    rf"(?:(?P<weeks>{_NUMBER})\s*(?:pw|w|wk|wks|weeks?))?"
    rf"\s*(?:(?P<days>{_NUMBER})\s*(?P<unit>pd|d|days?)?)?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_PLAIN = re.compile(r"(?P<whole>[0-9]*)(?:[.,](?P<part>[0-9]*))?")


def parse_effort(text: str, *, pd_per_pw: int = 5) -> int:
    """Return the effort in mpd that a person typed, such as ``15``, ``2,5``, ``3w`` or ``1w 2d``.

    A bare number means person-days. A comma before exactly three digits separates thousands,
    as in what ``format_pd`` writes (``1,140``); any other comma is a decimal comma.

    Raises ValueError, with a message that says what to type, on anything else, on negative
    numbers, on more than three decimals and on more than 100,000 person-days.
    """
    typed = text.strip()
    if typed.startswith(("-", "\N{MINUS SIGN}")):
        raise ValueError(f"Effort can't be negative. {HINT}")
    match = _EFFORT.fullmatch(typed) if 0 < len(typed) <= MOST_CHARACTERS else None
    if match is None or (match["weeks"] and match["days"] and not match["unit"]):
        raise ValueError(HINT)
    weeks, days = (_thousandths(match[part]) for part in ("weeks", "days"))
    mpd = weeks * pd_per_pw + days
    if mpd > MOST_MPD:
        raise ValueError("That is more than 100,000 person-days. Type a smaller effort.")
    return mpd


def _thousandths(number: str | None) -> int:
    if number is None:
        return 0
    plain = number.replace(",", "") if _THOUSANDS.fullmatch(number) else number
    match = _PLAIN.fullmatch(plain)
    if match is None:
        raise ValueError(HINT)
    part = match["part"] or ""
    if len(part) > 3:
        raise ValueError("Effort has at most three decimals. Type for example 2.5 or 0.125.")
    return int(match["whole"] or 0) * MPD_PER_PD + int(part.ljust(3, "0"))


def format_pd(mpd: int) -> str:
    """Return mpd as exact person-days with thousands separators: ``15``, ``2.5``, ``1,140``."""
    text = f"{Decimal(mpd).scaleb(-3):,.3f}"
    return text.rstrip("0").rstrip(".")
