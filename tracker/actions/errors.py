"""What can go wrong with a write, apart from invalid values."""

from typing import Any

from tracker.models import Initiative


class Conflict(Exception):
    """Somebody else changed the same field after it was read.

    ``current`` is the initiative as it stands; ``typed`` maps field names to the values that
    were not saved.
    """

    def __init__(self, current: Initiative, typed: dict[str, Any]) -> None:
        super().__init__(f"{current.key} has changed since it was read.")
        self.current = current
        self.typed = typed
