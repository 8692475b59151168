"""The background worker."""

from argparse import ArgumentParser

from django_tasks_db.management.commands import db_worker

from tracker.tasks import order_repeated

SECONDS_BETWEEN_LOOKS = 5


class Command(db_worker.Command):
    """``manage.py worker``: does what waits in the queue, and the repeated tasks in time."""

    help = (
        "Runs the background work: closes periods that are due, and forgets what is done. Stop it "
        "with Ctrl-C or SIGTERM; it finishes the task in hand. Several may run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the queue's own options, and look less often than it does by itself."""
        super().add_arguments(parser)
        parser.set_defaults(interval=SECONDS_BETWEEN_LOOKS, reload=False)

    def configure_logging(self, verbosity: int) -> None:
        """Leave the logs to the settings, where every line is JSON."""

    def handle(self, **options: object) -> None:
        """Order the repeated tasks, then work until told to stop."""
        order_repeated()
        super().handle(**options)  # type: ignore[arg-type]
