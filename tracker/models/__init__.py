"""Tables, constraints, chainable querysets and one-row verbs."""

from tracker.models.choices import Role
from tracker.models.comments import Comment
from tracker.models.imports import ImportBatch
from tracker.models.initiatives import FormerKey, Initiative
from tracker.models.invitations import Invitation
from tracker.models.labels import Label
from tracker.models.organisations import Organisation
from tracker.models.segments import WorkSegment
from tracker.models.teams import Holiday, Membership, Team, TeamCounter
from tracker.models.users import User

__all__ = [
    "Comment",
    "FormerKey",
    "Holiday",
    "ImportBatch",
    "Initiative",
    "Invitation",
    "Label",
    "Membership",
    "Organisation",
    "Role",
    "Team",
    "TeamCounter",
    "User",
    "WorkSegment",
]
