"""Remember which initiatives the latest writes of a team changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more column beside the stamp."""

    dependencies = [("tracker", "0003_seals")]

    operations = [
        migrations.AddField(
            model_name="teamcounter",
            name="recent",
            field=models.CharField(default="", editable=False, max_length=1000),
        ),
    ]
