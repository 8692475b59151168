"""What the panel has: importing this module registers one module a capability.

It is imported by name once the models are there (roadmap.apps.LeadsAdmin), not found by Django's
autodiscovery, which would register tables of other applications, such as sign-in tokens, too.
"""

from tracker.admin import (
    imports,
    initiatives,
    labels,
    members,
    organisations,
    plans,
    teams,
    users,
)

__all__ = [
    "imports",
    "initiatives",
    "labels",
    "members",
    "organisations",
    "plans",
    "teams",
    "users",
]
