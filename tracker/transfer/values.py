"""Single cells: days, efforts, words for status and origin, and characters nobody can see."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from tracker.domain.effort import MOST_MPD, MPD_PER_PD, format_pd
from tracker.domain.importing import DayOrder, Unit
from tracker.transfer.words import unaccented

FIRST_YEAR, LAST_YEAR = 1970, 2199
HOURS_A_DAY = 8
LONGEST = 80

# First letters in English, French, Dutch, German, Spanish, Italian and Portuguese, accents off.
_MONTH_STARTS = {
    1: "jan ene gen",
    2: "feb fev fevr",
    3: "mar mrt maa mae mars marz",
    4: "apr avr abr",
    5: "may mai mei mag",
    6: "jun juin giu",
    7: "jul juil lug",
    8: "aug aou ago",
    9: "sep set",
    10: "oct okt ott out",
    11: "nov",
    12: "dec dez dic",
}
_MONTHS = {start: month for month, starts in _MONTH_STARTS.items() for start in starts.split()}
_TIME = (
    r"(?:[T ,]+(?:at )?(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>Z|(?:GMT|UTC)?\s?[+-]\d{2}:?\d{2}|GMT|UTC)?(?:\s*\([^)]*\))?)?"
)
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,?\s+)?"
_WORD = r"(?P<word>[^\W\d_]{3,12})\.?"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}", re.I
)
_NAMED = (
    re.compile(
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.?[ /-]{_WORD},?[ /-](?P<year>\d{{4}}|\d{{2}}){_TIME}", re.I
    ),
    re.compile(
        rf"{_WEEKDAY}{_WORD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}",
        re.I,
    ),
)
_DOTTED = re.compile(
    rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}|\d{{2}}){_TIME}", re.I
)
_NUMBERS = re.compile(
    rf"(?P<one>\d{{1,2}})[/-](?P<two>\d{{1,2}})[/-](?P<year>\d{{4}}|\d{{2}}){_TIME}", re.I
)
_AGO = re.compile(
    r"(?P<count>\d{1,4}|an?)\s+(?P<unit>second|minute|hour|day|week|month|year)s?\s+ago", re.I
)
_AGO_WORDS = {"today": 0, "just now": 0, "yesterday": 1}
_AGO_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


class NeedsOrder(ValueError):
    """A day such as 03/04/2026, which somebody must say how to read."""


class NeedsExportDay(ValueError):
    """A day such as "3 days ago", which counts from the day the file was made."""


def parse_day(
    text: str,
    *,
    order: DayOrder = DayOrder.UNKNOWN,
    zone: str = "UTC",
    written_in: str = "",
    exported_on: date | None = None,
) -> date:
    """Return the civil day of a cell.

    An instant with an offset is taken to ``zone``; one without is read in ``written_in`` where
    the format declares it, else as it stands. Midnight is how trackers write a plain day, so it
    stays the day that is written. Raises NeedsOrder, NeedsExportDay or ValueError with words for
    people.
    """
    typed = text.strip()
    if len(typed) > LONGEST:
        raise ValueError("this is no day")
    if is_relative(typed):
        return _before(typed, exported_on)
    match, month, day = _find(typed, order)
    year = _year(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year {year} is too far away")
    try:
        found = date(year, month, day)
        return _in_zone(found, match, zone, written_in)
    except (ValueError, OverflowError) as error:
        raise ValueError("the calendar has no such day") from error


def is_relative(text: str) -> bool:
    """Tell whether a cell counts back from the day of the export."""
    return text.strip().lower() in _AGO_WORDS or _AGO.fullmatch(text.strip()) is not None


def _before(text: str, exported_on: date | None) -> date:
    if exported_on is None:
        raise NeedsExportDay("counts from the day the file was exported; say which day that was")
    match = _AGO.fullmatch(text)
    if match is None:
        return exported_on - timedelta(days=_AGO_WORDS[text.lower()])
    count = int(match["count"]) if match["count"].isdecimal() else 1
    return exported_on - timedelta(days=count * _AGO_DAYS.get(match["unit"].lower(), 0))


def _find(typed: str, order: DayOrder) -> tuple[re.Match[str], int, int]:
    """Return the match with month and day."""
    if match := _ISO.fullmatch(typed) or _DOTTED.fullmatch(typed):
        return match, int(match["month"]), int(match["day"])
    for pattern in _NAMED:
        if match := pattern.fullmatch(typed):
            return match, _month(match["word"]), int(match["day"])
    match = _NUMBERS.fullmatch(typed)
    if match is None:
        raise ValueError("this is no day that can be read; use one such as 2026-09-18")
    one, two = int(match["one"]), int(match["two"])
    if order is DayOrder.UNKNOWN and one != two:
        raise NeedsOrder("say whether the day or the month comes first")
    return (match, one, two) if order is DayOrder.MONTH_FIRST else (match, two, one)


def _month(word: str) -> int:
    plain = unaccented(word)
    for length in (4, 3):
        if month := _MONTHS.get(plain[:length]):
            return month
    raise ValueError(f"{word!r} is no month")


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return 1900 + year if year >= 70 else 2000 + year


def _in_zone(day: date, match: re.Match[str], zone: str, written_in: str) -> date:
    if match["hour"] is None:
        return day
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half = (match["half"] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    moment = datetime(day.year, day.month, day.day, hour, minute, second)
    if not (hour or minute or second):
        return day
    if match["zone"]:
        return moment.replace(tzinfo=_offset(match["zone"])).astimezone(ZoneInfo(zone)).date()
    if written_in:
        return moment.replace(tzinfo=ZoneInfo(written_in)).astimezone(ZoneInfo(zone)).date()
    return day


def _offset(text: str) -> timezone:
    match = re.search(r"([+-])(\d{2}):?(\d{2})", text)
    if match is None:
        return UTC
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))


def order_of(texts: Iterable[str]) -> tuple[DayOrder, bool]:
    """Return the order that days written in numbers prove, and whether any such day is there.

    It stays unknown where none proves it, and where two prove the opposite.
    """
    first = second = seen = False
    for text in texts:
        if match := _NUMBERS.fullmatch(text.strip()):
            one, two = int(match["one"]), int(match["two"])
            seen = seen or one != two
            first, second = first or one > 12, second or two > 12
    if first == second:
        return DayOrder.UNKNOWN, seen
    return (DayOrder.DAY_FIRST if first else DayOrder.MONTH_FIRST), seen


_PART = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>pw|w|wk|weeks?|pd|d|days?|h|hrs?|hours?|m|min|minutes?|s|sec|seconds?)\b\.?",
    re.I,
)
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_UNIT_SECONDS = {Unit.HOURS: 3600, Unit.SECONDS: 1}


def parse_estimate(text: str, unit: Unit, *, pd_per_pw: int) -> int | None:
    """Return an effort in mpd, None for nothing and for 0; a bare number counts ``unit``.

    Also reads ``1w 2d 4h``, whatever the unit. A working day has 8 hours. Raises ValueError.
    """
    typed = text.strip().replace("\u00a0", " ")
    if not typed:
        return None
    if len(typed) > LONGEST:
        raise ValueError("this is no effort")
    try:
        mpd = _days(typed, unit, pd_per_pw) * MPD_PER_PD
    except InvalidOperation:
        raise ValueError("this is no effort; use one such as 12, 2.5 or 1w 2d") from None
    if mpd < 0:
        raise ValueError("effort can't be negative")
    if mpd > MOST_MPD:
        raise ValueError(f"that is more than {format_pd(MOST_MPD)} person-days")
    return max(1, round(mpd)) if mpd else None


def _days(typed: str, unit: Unit, pd_per_pw: int) -> Decimal:
    if re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+(\.\d+)?|\d+([.,]\d+)?|[.,]\d+)", typed):
        number = Decimal(_plain(typed))
        if unit in _UNIT_SECONDS:
            return number * _UNIT_SECONDS[unit] / (3600 * HOURS_A_DAY)
        return number * (pd_per_pw if unit is Unit.WEEKS else 1)
    rest = _PART.sub("", typed)
    if rest.strip(" ,;"):
        raise InvalidOperation
    total = Decimal(0)
    for part in _PART.finditer(typed):
        number = Decimal(part["number"].replace(",", "."))
        letter = part["unit"].lower().removeprefix("p")[0]
        if letter in _SECONDS:
            total += number * _SECONDS[letter] / (3600 * HOURS_A_DAY)
        else:
            total += number * (pd_per_pw if letter == "w" else 1)
    return total


def _plain(number: str) -> str:
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", number):
        return number.replace(",", "")
    return number.replace(",", ".")


_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> tuple[str, int]:
    """Return a text without control characters and with plain line ends, and how many went."""
    plain, count = _UNSEEN.subn("", text)
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"), count
