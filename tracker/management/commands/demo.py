"""Fill an empty installation with a believable organisation."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.management.demo.listing import halves
from tracker.management.demo.people import (
    Crew,
    add_holidays,
    make_crews,
    make_organisation,
    sign_ins,
)
from tracker.management.demo.plans_writing import write_cycles
from tracker.management.demo.stories import MONTHS, STORIES
from tracker.management.demo.team import write_whole_team
from tracker.models import Initiative, Organisation, User

USUAL = 1200
BEGUN = 0.96  # the rest are promised in plans and dropped
TEAM_SIZE = 5000  # beyond six teams of this many initiatives, teams grow in number


class Command(BaseCommand):
    """``manage.py demo``: six teams in two groups, two and a half years, a story a team."""

    help = (
        "Fills an empty installation with a demo: six teams, people in each role and about "
        "1,200 initiatives, the same for the same seed and relative to today."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--initiatives", type=int, default=USUAL, metavar="N")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="DATE")
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="Write nothing where there is data already.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the demo, or say why not; the sign-ins are told wherever the demo is."""
        if Organisation.objects.exists() or User.objects.exists():
            if options["if_empty"]:
                self._print_sign_ins()
                return
            raise CommandError("There is data already. The demo goes into an empty installation.")
        if options["initiatives"] < 60:
            raise CommandError("Ask for 60 initiatives or more: six teams share them.")
        self._fill(options["initiatives"], options["seed"], options["today"])
        self._print_sign_ins()

    def _fill(self, wanted: int, seed: int, today: date | None) -> None:
        organisation = make_organisation()
        today = today or organisation.today()
        first_year = today.year - MONTHS // 12 - 1
        crews = make_crews(max(len(STORIES), round(wanted / TEAM_SIZE)))
        add_holidays(first_year, today.year + 1)
        cycles = write_cycles(
            halves(today, organisation.fiscal), User.objects.get(is_superuser=True)
        )
        written = 0
        for crew, count in zip(crews, self._shares(crews, wanted), strict=True):
            name = f"{seed}/{crew.team.slug}"
            for rows in write_whole_team(crew, round(count * BEGUN), cycles, today, name):
                written += rows
                self._progress(written, wanted)
        self.stdout.write(
            f"Demo: {Initiative.objects.count():,} initiatives in {len(crews)} teams."
        )

    @staticmethod
    def _shares(crews: list[Crew], wanted: int) -> list[int]:
        """Share the initiatives out; a team with few months gets few."""
        months = [crew.story.months for crew in crews]
        return [max(8, round(wanted * own / sum(months))) for own in months]

    def _progress(self, written: int, wanted: int) -> None:
        if wanted > 10_000:
            self.stderr.write(f"  {written:,} of about {wanted:,}", ending="\r")

    def _print_sign_ins(self) -> None:
        """Print who of the demo may sign in; nothing where people of its own live here."""
        found = set(User.objects.values_list("email", flat=True))
        if rows := [row for row in sign_ins() if row[1] in found]:
            self.stdout.write("Sign in with:")
        for role, email, password in rows:
            self.stdout.write(f"  {email:28} {password}   ({role})")
