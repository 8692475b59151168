"""Tables, constraints, chainable querysets and one-row verbs."""

from tracker.models.baselines import Baseline, BaselineItem
from tracker.models.choices import Role
from tracker.models.comments import Comment
from tracker.models.cycles import Cycle
from tracker.models.funding import Funding
from tracker.models.imports import ImportBatch
from tracker.models.initiatives import FormerKey, Initiative
from tracker.models.invitations import Invitation
from tracker.models.labels import Label
from tracker.models.organisations import Organisation
from tracker.models.origins import OriginOverride, OriginShift
from tracker.models.periods import FormerWeek, PeriodClose
from tracker.models.plans import Plan, PlanItem, PlanMonth
from tracker.models.segments import WorkSegment
from tracker.models.teams import Holiday, Membership, Team, TeamCounter
from tracker.models.users import User

__all__ = [
    "Baseline",
    "BaselineItem",
    "Comment",
    "Cycle",
    "FormerKey",
    "FormerWeek",
    "Funding",
    "Holiday",
    "ImportBatch",
    "Initiative",
    "Invitation",
    "Label",
    "Membership",
    "Organisation",
    "OriginOverride",
    "OriginShift",
    "PeriodClose",
    "Plan",
    "PlanItem",
    "PlanMonth",
    "Role",
    "Team",
    "TeamCounter",
    "User",
    "WorkSegment",
]
