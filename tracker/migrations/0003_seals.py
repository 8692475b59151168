"""Let the database refuse to change baselines and closed periods."""

from typing import Any

from django.db import migrations

from tracker.models.seals import seal, unseal


def put_on(apps: Any, schema_editor: Any) -> None:
    """Put the seals on."""
    seal(schema_editor.connection)


def take_off(apps: Any, schema_editor: Any) -> None:
    """Take the seals off."""
    unseal(schema_editor.connection)


class Migration(migrations.Migration):
    """Seals on the tables that hold locked records."""

    dependencies = [("tracker", "0002_plans")]

    operations = [migrations.RunPython(put_on, take_off)]
