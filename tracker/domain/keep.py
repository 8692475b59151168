"""A bounded memory of what was worked out, for values that never change under their key."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Keep(Generic[Key, Value]):
    """Keeps up to ``size`` values; those not asked for longest go first. Safe among threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def all_of(
        self, keys: Iterable[Key], make: Callable[[list[Key]], Mapping[Key, Value]]
    ) -> dict[Key, Value]:
        """Return the values of keys; ``make`` works out those not kept, all of them at once."""
        wanted = list(keys)
        with self._lock:
            found = {key: self._kept[key] for key in wanted if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        missing = [key for key in wanted if key not in found]
        if missing:
            made = make(missing)
            found.update(made)
            self._add(made)
        return found

    def _add(self, made: Mapping[Key, Value]) -> None:
        with self._lock:
            self._kept.update(made)
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()
