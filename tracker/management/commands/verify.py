"""Work out anew what is stored, and report any difference."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.queries import verification


class Command(BaseCommand):
    """``manage.py verify``: seals, fingerprints, origins, closed periods, histories."""

    help = (
        "Works out every stored figure anew from the facts, checks the fingerprints of all locks "
        "and the newest record of every row, and fails where anything differs. Changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every check; CommandError with the number of differences, if there are any."""
        wrong = 0
        for name, check in verification.CHECKS.items():
            found = 0
            for difference in check():
                self.stderr.write(f"{name}: {difference}")
                found += 1
            self.stdout.write(f"{'ok  ' if not found else 'FAIL'}  {name}")
            wrong += found
        if wrong:
            raise CommandError(f"{wrong} differences. Nothing has been changed.")
