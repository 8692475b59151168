"""What a change may tell the history library about itself."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.models.users import User


class WithHistory:
    """Names the attributes that the history library reads from a row when it is saved."""

    _history_user: "User | None"
    _history_date: datetime
    _change_reason: str
