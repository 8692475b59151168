"""The forms of a team's members."""

from typing import Any

from django import forms

from tracker.actions import members as actions
from tracker.models import Membership, Role, User


class RoleForm(forms.Form):
    """A person's new role, and the one that was on screen."""

    role = forms.TypedChoiceField(choices=Role.choices, coerce=int)
    seen = forms.TypedChoiceField(choices=Role.choices, coerce=int)

    def save(self, by: User, membership: Membership) -> Membership:
        """Change the role. Raises RoleMoved and LastLead."""
        given: dict[str, Any] = self.cleaned_data
        role = Role(given["role"])
        return actions.change_role(by=by, membership=membership, role=role, seen=given["seen"])
