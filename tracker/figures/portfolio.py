"""The portfolio in words and marks: the finding, a row a team, the roll-up, the caption."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from django.utils.safestring import SafeString

from tracker.domain.mix import Weight
from tracker.domain.portfolio import OUTSIDE, Portfolio, Row
from tracker.domain.question import MEASURES
from tracker.domain.wording import count_words, day_words, number_words
from tracker.domain.zone import Zone
from tracker.figures.dots import Axis, Dot, Spark, Tick, spark
from tracker.figures.words import (
    WEIGHTS,
    ZONES,
    Unit,
    band_words,
    interval_words,
    listed,
    percent,
    period_words,
)

MOST_NAMED = 5
TOO_LITTLE = "Too little"
Links = Callable[[str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Mention:
    """A team in the finding, or a number of teams, with its zone."""

    name: str
    zone: str
    word: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as the table shows it; ``url`` leads to its page, ``behind`` to its initiatives."""

    name: str
    depth: int
    is_group: bool
    url: str
    behind: str
    zone: str
    zone_word: str
    share: str
    of: str
    items: str
    dot: Dot
    dot_label: str
    band: str
    interval: str
    confidence: str
    spark: Spark
    spark_label: str

    @property
    def dot_svg(self) -> SafeString:
        """Return the dot, its interval and the band as a drawing."""
        return self.dot.svg(self.dot_label)

    @property
    def spark_svg(self) -> SafeString:
        """Return the last periods as a drawing."""
        return self.spark.svg(self.spark_label, is_open=self.dot.is_open)


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the page says and draws."""

    lead: str
    mentions: tuple[Mention, ...]
    lede: str
    heading: str
    caption: str
    unit: str
    level: str
    last: str
    ticks: tuple[Tick, ...]
    rows: tuple[RowView, ...]
    foot: tuple[RowView, ...]


def picture(portfolio: Portfolio, unit: Unit, links: Links, *, by_share: bool) -> Picture:
    """Return the page's words and marks; ``links`` gives the two addresses of a slug."""
    kind = portfolio.question.focus.kind.value
    drawn = _Drawing(portfolio, unit, links)
    rows, foot = _ordered(portfolio, by_share=by_share)
    outside = _outside(portfolio)
    return Picture(
        lead=_lead(portfolio, outside),
        mentions=_mentions(outside),
        lede=_lede(portfolio, unit, bool(outside)),
        heading=_heading(portfolio, outside),
        caption=_caption(portfolio, unit, by_share=by_share),
        unit=unit.name or "Initiatives",
        level=_level(portfolio.question.weight),
        last=f"Last {len(portfolio.total.spark)} {kind}s",
        ticks=drawn.axis.ticks,
        rows=tuple(drawn.row(row) for row in rows),
        foot=tuple(drawn.row(row) for row in foot),
    )


class _Drawing:
    """Draws every row on the same axis."""

    def __init__(self, portfolio: Portfolio, unit: Unit, links: Links) -> None:
        self.unit, self.links = unit, links
        rows = [*portfolio.rows, portfolio.total]
        self.axis = Axis(value for row in rows for value in _values(row))
        shares = [share for row in rows for share in row.spark if share is not None]
        self.top = max(shares, default=Fraction(1)) or Fraction(1)
        self.is_open = portfolio.total.standing.to_date
        self.level = _level(portfolio.question.weight)
        self.kinds = f"{portfolio.question.focus.kind.value}s"

    def row(self, row: Row) -> RowView:
        url, behind = self.links(row.slug) if row.slug else ("", "")
        band, share = band_words(row.band), percent(row.share)
        told = [f"{row.name}: {share}"]
        if row.interval:
            told.append(f"{self.level} interval {interval_words(row.interval)}")
        shares = ", ".join(percent(one) for one in row.spark)
        return RowView(
            name=row.name,
            depth=row.depth,
            is_group=row.is_group,
            url=url,
            behind=behind,
            zone=row.zone.value,
            zone_word=_zone_word(row),
            share=share,
            of=_of(row, self.unit),
            items=f"{row.items:,}",
            dot=self.axis.dot(row.share, row.interval, row.band, is_open=self.is_open),
            dot_label=", ".join([*told, f"band {band}"]),
            band=band,
            interval=interval_words(row.interval) if row.interval else "",
            confidence=row.confidence.value if row.confidence else "",
            spark=spark(row.spark, self.top),
            spark_label=f"Last {len(row.spark)} {self.kinds}: {shares}",
        )


def _values(row: Row) -> list[Fraction | float]:
    found: list[Fraction | float] = [row.band.upper]
    if row.share is not None:
        found.append(row.share)
    if row.interval:
        found.append(row.interval[1])
    return found


def _zone_word(row: Row) -> str:
    """Return the zone; a share that rests on too little work has none."""
    if row.zone is Zone.NO_DATA and row.share is not None:
        return TOO_LITTLE
    return ZONES[row.zone].capitalize()


def _of(row: Row, unit: Unit) -> str:
    if row.share is None:
        return ""
    return f"{unit.number(row.mix.opportunistic)} of {unit.number(row.mix.classified)}"


def _level(weight: Weight) -> str:
    return "95\u202f%" if weight is Weight.COUNT else "80\u202f%"


def _ordered(portfolio: Portfolio, *, by_share: bool) -> tuple[Sequence[Row], Sequence[Row]]:
    """Return the rows of body and foot; by share, the groups join the total below the teams."""
    if not by_share:
        return portfolio.rows, (portfolio.total,)
    ranked = sorted(portfolio.teams, key=lambda row: (row.share is None, -(row.share or 0)))
    return ranked, (*portfolio.groups, portfolio.total)


def _outside(portfolio: Portfolio) -> list[Row]:
    """Return the teams outside their band, derailed ones first, the farthest first in each."""
    found = [row for row in portfolio.teams if row.is_outside]

    def distance(row: Row) -> Fraction:
        share = row.share or Fraction(0)
        return max(share - row.band.upper, row.band.lower - share)

    return sorted(found, key=lambda row: (OUTSIDE.index(row.zone), -distance(row)))


def _lead(portfolio: Portfolio, outside: Sequence[Row]) -> str:
    teams, judged = portfolio.teams, [t for t in portfolio.teams if t.zone is not Zone.NO_DATA]
    if not judged:
        return "There is too little work yet to say where a team stands"
    if outside and len(teams) == 1:
        return "One team, and it is outside its band: "
    if outside:
        verb = "is outside its band" if len(outside) == 1 else "are outside their band"
        return f"{_part(len(outside), len(teams))} {verb}: "
    if len(judged) == 1:
        return f"{judged[0].name} is inside its band"
    known = "" if len(judged) == len(teams) else " with enough data"
    return f"{_part(len(judged), len(judged))}{known} are inside their band"


def _part(some: int, all_of: int) -> str:
    """Return ``Three of six teams``, ``Both teams`` or ``All six teams``."""
    teams = count_words(all_of, "team")
    if some < all_of:
        return f"{number_words(some).capitalize()} of {teams}"
    return "Both teams" if some == 2 else f"All {teams}"


def _mentions(outside: Sequence[Row]) -> tuple[Mention, ...]:
    """Return the teams outside by name, or how many there are of each zone where they are many."""
    if len(outside) <= MOST_NAMED:
        return tuple(Mention(row.name, row.zone.value, ZONES[row.zone]) for row in outside)
    counts = ((zone, sum(row.zone is zone for row in outside)) for zone in OUTSIDE)
    return tuple(
        Mention(number_words(count), zone.value, ZONES[zone]) for zone, count in counts if count
    )


def _lede(portfolio: Portfolio, unit: Unit, has_outside: bool) -> str:
    total, texts = portfolio.total, []
    if total.share is not None:
        size = f"{percent(total.share)} ({_of(total, unit)} {unit.name or 'initiatives'})"
        place = _place(total)
        texts.append(f"Together {size}{place} the common band of {band_words(total.band)}.")
        if has_outside and not total.is_outside:
            texts.append("A calm total hides those at both ends.")
    unknown = sum(row.zone is Zone.NO_DATA for row in portfolio.teams)
    if unknown and unknown < len(portfolio.teams):
        verb = "has" if unknown == 1 else "have"
        texts.append(f"{count_words(unknown, 'team').capitalize()} {verb} too little data yet.")
    return " ".join(texts)


def _place(total: Row) -> str:
    share = total.share or Fraction(0)
    if share < total.band.lower:
        return ", below"
    return ", inside" if share <= total.band.upper else ", above"


def _heading(portfolio: Portfolio, outside: Sequence[Row]) -> str:
    if not outside or portfolio.question.weight is Weight.VALUE:
        return "Each team’s share against its own band"
    clear = [row.name for row in outside if row.is_clear]
    touching = [row.name for row in outside if not row.is_clear]
    if not clear:
        return "No team is clearly outside: every interval still touches its band"
    if len(clear) > MOST_NAMED:
        return f"{count_words(len(clear), 'team').capitalize()} are clearly outside their band"
    verb = "is" if len(clear) == 1 else "are"
    if not touching:
        return f"{listed(clear)} {verb} clearly outside: the whole interval lies beyond the band"
    whose = f"{touching[0]}’s interval" if len(touching) == 1 else "the other intervals"
    still = "touches its band" if len(touching) == 1 else "touch their band"
    return f"Only {listed(clear)} {verb} clearly outside; {whose} still {still}"


def _caption(portfolio: Portfolio, unit: Unit, *, by_share: bool) -> str:
    question, total = portfolio.question, portfolio.total
    by = "" if question.weight is Weight.EFFORT else f" by {WEIGHTS[question.weight]}"
    to_date = total.standing.to_date
    period = period_words(question.focus, to_date=to_date)
    kind = question.focus.kind.value
    order = "ordered by share" if by_share else "in the order of the groups"
    texts = [
        f"{MEASURES[question.measure]}{by}, {period}, {order}.",
        f"Dot: the {kind}’s share{', hollow while it runs' if to_date else ', a fact'}.",
    ]
    if question.weight is not Weight.VALUE:
        texts.append(f"Line: {_level(question.weight)} interval of the rate behind it.")
    texts.append("Tinted: each team’s own band.")
    if portfolio.groups:
        texts.append("A group is the ratio of sums of itself and all teams below it.")
    if total.mix.unclassified:
        texts.append(f"Unclassified, {unit.amount(total.mix.unclassified)}, stands outside.")
    when = (
        "closed periods as reported"
        if portfolio.question.reported
        else f"as known {_known(portfolio)}"
    )
    texts.append(f"The total is a ratio of sums, {when}.")
    return " ".join(texts)


def _known(portfolio: Portfolio) -> str:
    return day_words(portfolio.before - timedelta(days=1))
