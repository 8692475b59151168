"""What people of the demo write into plans, locks, ledgers and overrides."""

from tracker.management.demo.stories import PLANNED_FRAMES

# Of each planned piece of work: what will be different, how it is seen, how it is done.
ITEM_WORDS = dict(
    zip(
        PLANNED_FRAMES,
        (
            (
                "Every team works with the {o}; nobody keeps a copy of their own.",
                "12 of 14 teams use it by the last week of the cycle.",
                "Two pilot teams first, then one team a week; the old way stays for a month.",
            ),
            (
                "The {o} carries what the first phase left out.",
                "The open list of the first phase is empty.",
                "Three releases, the risky migration in the first.",
            ),
            (
                "One {o} to look after instead of two.",
                "The old one has had no request for 30 days.",
                "Move readers first, then writers; switch off behind a flag.",
            ),
            (
                "People stop waiting for the {o}.",
                "95th percentile below 400 ms, from 830 ms today.",
                "Profile for a week, then cache and batch; no new hardware.",
            ),
            (
                "Releases of the {o} need no night shift.",
                "Four releases in a row in office hours, no minute of downtime.",
                "Blue and green side by side, with a rehearsed way back.",
            ),
            (
                "Teams change the {o} on their own.",
                "Tickets about it fall from 40 to 10 a month.",
                "Forms over the existing interface, approvals only above a limit.",
            ),
            (
                "Who changed what in the {o} can be shown to an auditor.",
                "The auditor's sample of 25 changes is complete.",
                "Append-only table, written in the same transaction.",
            ),
            (
                "Customers of each region get the {o}.",
                "Live in three more regions, with the data kept there.",
                "One region a month, the smallest first.",
            ),
            (
                "We know what the {o} bears before customers find out.",
                "Twice the load of the last peak for two hours.",
                "Recorded traffic, replayed each night.",
            ),
            (
                "Whoever is on duty can run the {o}.",
                "Three drills passed by people who did not build it.",
                "Write, drill, correct; an hour a week.",
            ),
            (
                "Each team sees what the {o} costs it.",
                "90 % of the cost has an owner.",
                "Tags from the deploy pipeline, a table each Monday.",
            ),
            (
                "The {o} runs where everything else runs.",
                "The old cluster is switched off.",
                "Shadow traffic for two weeks, then ten per cent steps.",
            ),
            (
                "One way to do it in the {o}, not two.",
                "No caller of the second half is left.",
                "An adapter first, so that callers move one by one.",
            ),
            (
                "People see in the {o} what they may and no more.",
                "The access review finds nothing to take away.",
                "Roles from the directory; deny by default after a month of warnings.",
            ),
            (
                "Partners build on the {o} without asking us.",
                "Three partners live, none with a special case.",
                "Read only first, writing after the first partner's review.",
            ),
            (
                "The support desk solves cases in the {o} without engineers.",
                "Escalations fall by half.",
                "Shadow the desk for two days, build what they reach for.",
            ),
            (
                "Decisions about the {o} rest on figures.",
                "A monthly report that two managers quote.",
                "Five events, no personal data, kept for a year.",
            ),
            (
                "New people find their way in the {o} in a day.",
                "Settings down from 61 to 20; none asked for twice.",
                "Defaults from what most use; the rest behind one page.",
            ),
        ),
        strict=True,
    )
)
ADOPTED_WORDS = (
    "What it was let in for holds: the {o} is no longer a reason to escalate.",
    "No further case in the eight weeks after it.",
    "Finish what runs, then hand it over to those on duty.",
)

AMENDMENTS = {
    "steady": (
        "Dates corrected after the mid-cycle review.",
        "Estimates corrected with what the first weeks taught.",
    ),
    "rigid": ("Estimates corrected; scope unchanged.",),
    "incidents": (
        "The outages took two of six people; what can't be done is moved out.",
        "Second wave of incidents: only what customers were promised stays.",
    ),
    "customer": (
        "Nordbank's rollout is adopted; the dates of what gives way are moved.",
        "The board agreed to the Nordbank pilot; two smaller pieces are put off.",
    ),
}

LOCK_REASONS = {
    "op1": ("Big rocks agreed with the leadership.", "", "Agreed in the planning round."),
    "op2": (
        "Corrected with the latest numbers; the how is settled.",
        "",
        "Corrected after the review with the neighbours.",
    ),
    "late": ("Recorded after the team was formed; it holds from the start of the cycle.",),
}

FUNDING_NOTES = {
    "reserve": ("", "", "What the reserve is for.", "Agreed in the stand-up."),
    "displaced": ("", "Agreed with the owner.", "Moves behind it.", "Told the stakeholders."),
    "added-capacity": ("Two contractors for six weeks.", "Lent by the sister team."),
}

OVERRIDES = (
    (
        "part-of-planned-work",
        "planned",
        "It is the rest of a piece that stood in the plan under another name.",
    ),
    ("plan-was-late", "planned", "Agreed in the planning round; the list was sent too late."),
    (
        "agreed-outside-plan",
        "planned",
        "The leadership had agreed before the cycle; it was left out by mistake.",
    ),
)
NEW_SCOPE = ("new-scope", "opportunistic", "Grew well beyond what was adopted into the plan.")
