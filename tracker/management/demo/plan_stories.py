"""How each team of the demo plans: what it keeps back, how it funds, what goes wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planning:
    """A team's habits; parts of 1 but for ``amends``, the amendments of a cycle, and ``spread``.

    ``reserve`` is of the capacity, ``drawn`` how much of an opportunity the reserve pays while
    it lasts, ``added`` and ``unfunded`` how often capacity is added or nothing is recorded,
    ``dropped`` how many planned items are dropped, ``forgets`` how many never get into a plan,
    ``spread`` how many days plans reach beyond what is done in the cycle.
    """

    reserve: float
    mood: str = "steady"
    amends: float = 0.8
    drawn: float = 1.0
    added: float = 0.03
    unfunded: float = 0.07
    dropped: float = 0.03
    forgets: float = 0.025
    spread: int = 0


PLANNINGS = {
    "platform": Planning(
        0.21, forgets=0.01, unfunded=0.1, dropped=0.05, spread=75, amends=1.2, mood="incidents"
    ),
    "data": Planning(0.16, amends=0.4, unfunded=0.04, dropped=0.02, forgets=0.005, mood="rigid"),
    "field-ops": Planning(
        0.12, unfunded=0.1, dropped=0.1, spread=100, amends=1.6, mood="incidents"
    ),
    "checkout": Planning(0.2, drawn=0.45, added=0.14, dropped=0.06, mood="customer", spread=60),
    "mobile": Planning(0.27, spread=0),
    "growth": Planning(0.3, unfunded=0.3, amends=0.0, spread=20),
}


def planning_of(slug: str) -> Planning:
    """Return the habits of a team by its slug; a repeated team has those of its story."""
    return next(own for name, own in PLANNINGS.items() if slug.startswith(name))
