"""The product's settings plus a bare page to measure against; nothing here is served for real."""

import os

from roadmap.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
# A page is measured twice: with the figures it keeps, and with a cache that keeps nothing.
if os.environ.get("BENCH_CACHE") == "off":
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
