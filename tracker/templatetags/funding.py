"""Filters for the words and numbers of funding."""

from datetime import date

from django import template

from tracker.domain.funding import Manner
from tracker.domain.wording import day_words
from tracker.domain.words import label_of
from tracker.figures import funding as words

register = template.Library()


@register.filter
def pd(mpd: int | None) -> str:
    """Return thousandths of a person-day as person-days, "" for None."""
    return "" if mpd is None else words.pd(mpd)


@register.filter
def manner(value: Manner | None) -> str:
    """Return how a planned item gives way: ``delayed``."""
    return words.MANNERS[value] if value else ""


@register.filter
def day(value: date | None) -> str:
    """Return a day as ``24 Aug 2026``."""
    return day_words(value)


@register.filter
def word(value: str) -> str:
    """Return the label of a word such as a status."""
    return label_of(value) if value else ""
