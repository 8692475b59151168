"""The product's settings with a quick password hasher and plain static files."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

from roadmap.settings import *  # noqa: E402, F403
from roadmap.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = True
