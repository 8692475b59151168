"""The caption of the mix: measure, period, share with its sum, zone, band, signal, day."""

from datetime import timedelta

from tracker.domain.mix import Weight
from tracker.domain.overview import Overview
from tracker.domain.question import MEASURES
from tracker.domain.wording import day_words
from tracker.figures.share_marks import marks_words
from tracker.figures.signals import signal_words
from tracker.figures.words import WEIGHTS, ZONES, Unit, band_words, percent, period_words


def known_words(overview: Overview) -> str:
    """Return the day up to which facts are in the figures: ``as known 18 Sep 2026``."""
    if overview.question.reported:
        return "closed periods as reported"
    return f"as known {day_words(overview.before - timedelta(days=1))}"


def subject(overview: Overview) -> str:
    """Return what is measured in which period: ``Capacity by count, 2026 Q3 to date``."""
    question = overview.question
    by = "" if question.weight is Weight.EFFORT else f" by {WEIGHTS[question.weight]}"
    period = period_words(question.focus, to_date=overview.point.to_date)
    return f"{MEASURES[question.measure]}{by}, {period}"


def caption(overview: Overview, unit: Unit) -> str:
    """Return the caption of the period in focus."""
    mix = overview.point.mix
    share = "no data" if mix.share is None else f"{percent(mix.share)} ({unit.of(mix)})"
    parts = [f"{subject(overview)}: {share}"]
    if mix.share is not None:
        sure = f", {overview.confidence.value} confidence" if overview.confidence else ""
        parts[0] += (
            f", {ZONES[overview.standing.zone]}{sure}"
            if overview.point.zoned_share is not None
            else ", too little work to name a zone"
        )
    parts.append(f"band {band_words(overview.band)}")
    parts.append(signal_words(overview.line, overview.question.grain))
    parts += marks_words(overview.line)
    return "; ".join([*parts, known_words(overview)]) + "."
