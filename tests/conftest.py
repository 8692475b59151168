"""What every test shares."""

from hypothesis import settings

pytest_plugins = ["tests.cast", "tests.plans", "tests.funding"]

# How long an example takes says more about the machine than about the code.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
