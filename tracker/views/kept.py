"""Rendered parts of pages that a worker keeps, told apart by the stamps of their teams."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from tracker.domain.keep import Keep

MOST = 64

pieces: Keep[Hashable, SafeString] = Keep(1024)

_kept: "OrderedDict[Hashable, str]" = OrderedDict()
_lock = Lock()


def kept(key: Hashable, make: Callable[[], str]) -> str:
    """Return what was made for the key, or make it now and keep it.

    The key must hold everything the part depends on: the teams' stamps read *before* the data,
    the day, the settings and the address. An old part is never asked for again, so nothing
    has to be dropped; the least recently used ones go first. Kept by each worker for itself:
    making a part costs less than a write to a shared store would.
    """
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def piece(template: str, **shown: Hashable) -> SafeString:
    """Render a piece of a page, or return it as it was: it is kept by all that it shows."""
    key = (template, *shown.items())
    return pieces.all_of([key], lambda _: {key: render_to_string(template, shown)})[key]


def joined(made: Iterable[SafeString]) -> SafeString:
    """Return pieces as one."""
    return mark_safe("".join(made))


def forget() -> None:
    """Drop everything, for tests."""
    with _lock:
        _kept.clear()
