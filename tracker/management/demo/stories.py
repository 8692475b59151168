"""Six teams and what happened to each: the share of opportunistic work, month by month."""

from collections.abc import Callable
from dataclasses import dataclass, field

MONTHS = 30  # two and a half years


def steady(share: float) -> Callable[[int], float]:
    """Stay at a share."""
    return lambda _: share


def sliding(before: float, after: float, over: int) -> Callable[[int], float]:
    """Move from one share to another over the last months (month 0 is the current one)."""

    def share(month: int) -> float:
        done = min(1.0, max(0.0, (over + month) / over))
        return before + (after - before) * done

    return share


@dataclass(frozen=True, slots=True)
class Story:
    """A team of the demo. ``share`` takes a month (0 now, -1 the last) to a probability."""

    name: str
    slug: str
    prefix: str
    group: str
    share: Callable[[int], float]
    triggers: dict[str, int]
    objects: tuple[str, ...]
    band: tuple[int, int, int] = (200, 350, 500)
    months: int = MONTHS
    people: int = 6
    size_of_opportunities: float = 0.8
    late: float = 0.05
    customers: tuple[str, ...] = ("Larkfield", "Tarn & Co", "Brightwater", "Osterholm")
    crew: tuple[str, ...] = field(default=())


GROUPS = {"Core": ("core", "CORE"), "Products": ("products", "PROD")}

EVERYDAY = {
    "customer-escalation": 5,
    "incident": 4,
    "market": 2,
    "competitor": 2,
    "regulation": 2,
    "executive-request": 2,
    "technical-discovery": 4,
    "partner": 2,
    "other": 1,
}

STORIES = (
    Story(
        "Platform",
        "platform",
        "PLAT",
        "Core",
        sliding(0.56, 0.29, 12),
        EVERYDAY | {"incident": 8, "technical-discovery": 6},
        (
            "job queue",
            "tenant router",
            "secrets store",
            "service catalogue",
            "build cache",
            "rate limiter",
            "audit log",
            "event bus",
            "read replica",
            "deploy pipeline",
            "feature flag service",
            "internal sign-on",
            "certificate rotation",
            "usage metering",
        ),
        crew=("Ines Kurz", "Leo Brandt", "Hana Sato", "Tomasz Wolny", "Amara Obi"),
    ),
    Story(
        "Data",
        "data",
        "DATA",
        "Core",
        steady(0.075),
        EVERYDAY | {"technical-discovery": 8},
        (
            "metrics pipeline",
            "customer warehouse",
            "churn model",
            "billing ledger export",
            "event schema registry",
            "data catalogue",
            "reporting cube",
            "consent store",
            "usage forecast",
            "partner data feed",
            "quality monitor",
            "notebook service",
        ),
        band=(150, 300, 450),
        size_of_opportunities=0.6,
        crew=("Ruth Adeyemi", "Jonas Vik", "Mei Tan", "Pavel Horak"),
    ),
    Story(
        "Field Ops",
        "field-ops",
        "OPS",
        "Core",
        sliding(0.34, 0.66, 9),
        EVERYDAY | {"incident": 16, "customer-escalation": 8},
        (
            "on-call rota",
            "site gateway",
            "device firmware",
            "alert routing",
            "spare parts tracker",
            "remote restart",
            "field app sync",
            "capacity map",
            "backup drill",
            "status page",
            "edge cache",
            "incident review tool",
        ),
        band=(300, 450, 600),
        size_of_opportunities=1.0,
        late=0.12,
        crew=("Callum Reid", "Sofia Marin", "Yusuf Demir", "Greta Lind", "Owen Price"),
    ),
    Story(
        "Checkout",
        "checkout",
        "CHK",
        "Products",
        sliding(0.2, 0.4, 6),
        EVERYDAY | {"customer-escalation": 18},
        (
            "card vault",
            "invoice run",
            "tax engine",
            "refund flow",
            "saved basket",
            "fraud score",
            "payment router",
            "receipt service",
            "discount rules",
            "subscription renewal",
            "instalment plan",
            "currency table",
        ),
        size_of_opportunities=2.2,
        customers=("Nordbank", "Nordbank", "Nordbank", "Larkfield"),
        crew=(
            "Priya Nair",
            "Marco Bellini",
            "Ellen Strand",
            "David Osei",
            "Lucia Ramos",
        ),
    ),
    Story(
        "Mobile",
        "mobile",
        "MOB",
        "Products",
        steady(0.28),
        EVERYDAY | {"market": 4, "competitor": 4},
        (
            "offline mode",
            "push inbox",
            "onboarding tour",
            "photo upload",
            "home screen widget",
            "tablet layout",
            "biometric sign-in",
            "crash reporter",
            "deep links",
            "in-app search",
            "dark theme",
            "accessibility pass",
        ),
        crew=("Noor Haddad", "Finn Larsen", "Aiko Mori", "Bea Castillo"),
    ),
    Story(
        "Growth",
        "growth",
        "GRO",
        "Products",
        steady(0.36),
        EVERYDAY | {"market": 8, "executive-request": 5},
        (
            "referral programme",
            "pricing page",
            "trial e-mails",
            "sign-up form",
            "usage nudges",
            "landing page kit",
            "win-back offer",
            "partner badge",
            "experiment console",
        ),
        band=(250, 400, 550),
        months=3,
        people=4,
        crew=("Sam Whitlock", "Ivy Chen", "Rafael Duarte"),
    ),
)

PLANNED_FRAMES = (
    "{O}, first version for all teams",
    "{O}: second phase",
    "Retire the old {o}",
    "Halve the response time of the {o}",
    "{O} without downtime",
    "Self-service for the {o}",
    "Audit trail for the {o}",
    "{O} for every region",
    "Load tests for the {o}",
    "Runbook and training for the {o}",
    "Cost report for the {o}",
    "Move the {o} to the new cluster",
    "Merge the two halves of the {o}",
    "Permissions for the {o}",
    "Public interface to the {o}",
    "{O} that the support desk can use",
    "Measure who uses the {o}",
    "Simplify the settings of the {o}",
)

OPPORTUNISTIC_FRAMES = {
    "customer-escalation": (
        "{customer}: {o} too slow at month end",
        "{customer} can't roll out without the {o}",
        "Export from the {o} for {customer}",
        "{o} limits that fit {customer}",
        "Second environment of the {o} for {customer}",
    ),
    "incident": (
        "Stop the {o} from failing over twice",
        "Follow-up to the {month} outage of the {o}",
        "Repair what the {o} lost in {month}",
        "Alarms for the {o} that nobody sleeps through",
        "Take the {o} off the shared disk",
    ),
    "market": (
        "{o} for small companies, while the window is open",
        "Ride the {month} fair with the {o}",
    ),
    "competitor": (
        "Match the free tier of the competition in the {o}",
        "{o}: close the gap seen in three lost deals",
    ),
    "regulation": (
        "Make the {o} fit the new retention rule",
        "Proof of deletion in the {o}",
        "{o}: answers for the regulator",
    ),
    "executive-request": (
        "{o} numbers for the board pack",
        "{o} walk-through for the investors",
    ),
    "technical-discovery": (
        "Replace the unmaintained library in the {o}",
        "Use the spare index to speed up the {o}",
        "Drop the half of the {o} nobody calls",
    ),
    "partner": (
        "{o} in the partner marketplace",
        "Joint pilot of the {o} with {customer}",
    ),
    "other": ("Small wins around the {o}", "{o}: ideas from the {month} hack week"),
}

REASONS = {
    "customer-escalation": "Renewal at stake; the account team asked for a date this quarter.",
    "incident": "It woke three people in one week and will again.",
    "market": "The window closes before the next planning round.",
    "competitor": "Sales lost deals over it and could name them.",
    "regulation": "The date is set by law, not by us.",
    "executive-request": "Asked for by the leadership for a dated occasion.",
    "technical-discovery": "Found while at work on something else; cheap now, dear later.",
    "partner": "The partner's release decides the date.",
    "other": "Small, and the team had room.",
}

LABELS = (
    "security",
    "cost",
    "reliability",
    "key account",
    "compliance",
    "usability",
    "api",
    "debt",
)
