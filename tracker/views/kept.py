"""Rendered parts of pages that a worker keeps, told apart by the stamps of their teams."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

MOST = 128

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


def forget() -> None:
    """Drop everything, for tests."""
    with _lock:
        _kept.clear()
