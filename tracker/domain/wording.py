"""How values are written for people: days, effort, FTE, value, shares.

None is written as nothing, but for a share: that is "no data", never 0 %.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker.domain.effort import format_pd
from tracker.domain.zone import Band, Zone

THIN = "\u202f"
NO_DATA = "no data"
ZONES = {
    Zone.RIGID: "rigid",
    Zone.ON_TARGET: "on target",
    Zone.STRETCHED: "stretched",
    Zone.DERAILED: "derailed",
    Zone.NO_DATA: NO_DATA,
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def day_words(day: date | None) -> str:
    """Return a day as ``24 Aug 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""


def short_day(day: date) -> str:
    """Return a day as ``24 Aug``, for axes."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def span_words(start: date | None, last_day: date | None) -> str:
    """Return two inclusive days as ``24 to 28 Aug 2026``, leaving out what they share."""
    if start is None or last_day is None:
        return f"from {day_words(start)}" if start else f"by {day_words(last_day)}" * bool(last_day)
    if start == last_day:
        return day_words(start)
    if (start.year, start.month) == (last_day.year, last_day.month):
        return f"{start.day} to {day_words(last_day)}"
    first = short_day(start) if start.year == last_day.year else day_words(start)
    return f"{first} to {day_words(last_day)}"


def pd_words(mpd: int | None) -> str:
    """Return thousandths of a person-day as ``18 pd``."""
    return "" if mpd is None else f"{format_pd(mpd)} pd"


def fte_words(milli: int | None) -> str:
    """Return thousandths of a full-time person as ``1.5 FTE``."""
    return "" if milli is None else f"{format_pd(milli)} FTE"


def value_words(value: int | None, currency: str) -> str:
    """Return whole units of the currency as ``140,000 EUR``."""
    return "" if value is None else f"{value:,} {currency}"


def number_words(number: int) -> str:
    """Return ``two`` or ``1,204``: small numbers are spelled out."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def count_words(number: int, one: str, many: str = "") -> str:
    """Return ``two segments`` or ``1,204 segments``: small numbers are spelled out."""
    word = number_words(number)
    return f"{word} {one if number == 1 else many or one + 's'}"


def segment_words(start: date, end: date | None, fte_milli: int) -> str:
    """Return a segment, given its exclusive end, as ``24 to 28 Aug 2026 at 1 FTE``."""
    days = span_words(start, end - timedelta(days=1) if end else None)
    return f"{days} at {fte_words(fte_milli)}"


def moment_words(moment: datetime, zone: str, today: date) -> str:
    """Return an instant in a zone as ``14 Sep, 09:12``, with the year where it is another."""
    local = moment.astimezone(ZoneInfo(zone))
    day = short_day(local.date()) if local.year == today.year else day_words(local.date())
    return f"{day}, {local:%H:%M}"


def late_words(days: int) -> str:
    """Return ``entered 12 working days late``, "" for none."""
    return f"entered {days:,} working day{'s' if days != 1 else ''} late" if days else ""


def initials_of(name: str) -> str:
    """Return one or two letters that stand for a person."""
    letters = [word[0] for word in name.split()]
    return "".join(letters[:1] + letters[1:][-1:]).upper() or "?"


def tenths(number: Fraction | float) -> str:
    """Return a number with at most one decimal, rounded half up, with thousands separators."""
    # In whole numbers, since pages write hundreds of them.
    above, below = number.as_integer_ratio()
    return _of_tenths((20 * above + below) // (2 * below))


def pd_number(mpd: int) -> str:
    """Return mpd as person-days with at most one decimal: ``tenths`` of a thousandth."""
    return _of_tenths((mpd + 50) // 100)


@lru_cache(maxsize=4096)
def _of_tenths(rounded: int) -> str:
    text = f"{rounded // 10:,}"
    return f"{text}.{rounded % 10}" if rounded % 10 else text


def percent(share: Fraction | float | None) -> str:
    """Return ``41.0 %`` with a thin space, or "no data"."""
    if share is None:
        return NO_DATA
    above, below = share.as_integer_ratio()
    rounded = (2000 * above + below) // (2 * below)
    return f"{rounded // 10}.{rounded % 10}{THIN}%"


def points(difference: Fraction) -> str:
    """Return a difference of shares as ``+4.6 pp``, rounded half away from zero."""
    rounded = int(abs(difference) * 1000 + Fraction(1, 2))
    sign = "" if not rounded else "+" if difference > 0 else "\u2212"
    return f"{sign}{rounded // 10}.{rounded % 10}{THIN}pp"


def edge(share: Fraction) -> str:
    """Return a band's edge without idle decimals: ``20`` or ``17.5``."""
    return tenths(share * 100)


def band_words(band: Band) -> str:
    """Return ``20–35 %``."""
    return f"{edge(band.lower)}–{edge(band.upper)}{THIN}%"
