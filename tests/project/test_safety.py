"""What stands around every page: policy, caching, secrets, and safe defaults."""

import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from roadmap.logs import logging_config
from roadmap.middleware import content_security_policy

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json
from django.conf import settings as s
names = "DEBUG ALLOWED_HOSTS SECRET_KEY SESSION_COOKIE_SECURE SECURE_HSTS_SECONDS"
print(json.dumps([getattr(s, name) for name in names.split()]))
"""


def settings_of(folder: Path, **extra: str) -> list[object]:
    """Read the product's settings in a fresh process, free of what the tests set."""
    ours = ("SECRET_KEY", "DEBUG", "DATABASE_URL", "ALLOWED_HOSTS", "ROADMIX_HTTPS")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    env |= {"DJANGO_SETTINGS_MODULE": "roadmap.settings", "ROADMIX_DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=env | extra,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


class TestSettings:
    def test_debug_is_off_and_only_this_machine_is_served_unless_asked(
        self, tmp_path: Path
    ) -> None:
        debug, hosts, *_ = settings_of(tmp_path)
        assert debug is False
        assert hosts == ["localhost", "127.0.0.1", "[::1]"]

    def test_the_secret_is_made_once_and_only_its_owner_may_read_it(self, tmp_path: Path) -> None:
        first, again = settings_of(tmp_path)[2], settings_of(tmp_path)[2]
        other = settings_of(tmp_path / "other")[2]
        file = tmp_path / "secret-key"
        assert first == again == file.read_text()
        assert other != first
        assert len(str(first)) > 50
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_https_makes_cookies_secure_and_sends_hsts(self, tmp_path: Path) -> None:
        assert settings_of(tmp_path)[3:] == [False, 0]
        assert settings_of(tmp_path, ROADMIX_HTTPS="1")[3:] == [True, 31_536_000]


@pytest.mark.django_db
class TestPolicy:
    @pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/health/", "/?x=%00"])
    def test_every_answer_carries_it_without_unsafe_sources(
        self, client: Client, path: str
    ) -> None:
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "style-src 'self';" in policy
        assert "unsafe" not in policy

    @pytest.mark.parametrize("kind", ["text/css", "text/javascript; charset=utf-8", "font/woff2"])
    def test_a_file_that_is_no_document_may_do_nothing(self, kind: str) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            return HttpResponse("x", content_type=kind)

        answer = content_security_policy(view)(RequestFactory().get("/static/x"))
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"

    def test_its_directives_are_the_ones_that_were_verified(self) -> None:
        assert settings.SECURE_CSP["frame-ancestors"] == ["'none'"]
        assert settings.SECURE_CSP["base-uri"] == ["'none'"]
        assert settings.SECURE_CSP["connect-src"] == ["'self'"]

    def test_pages_of_people_who_signed_in_are_kept_out_of_caches(
        self, as_person: Callable[[str], Client]
    ) -> None:
        answer = as_person("member").get("/")
        assert "no-store" in answer.headers["Cache-Control"]
        assert "private" in answer.headers["Cache-Control"]


def test_no_text_of_a_person_can_forge_a_log_line() -> None:
    config = logging_config("INFO", as_json=True)["formatters"]["lines"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=config["processors"], foreign_pre_chain=config["foreign_pre_chain"]
    )
    text = 'one\n{"event": "forged"}\r\x1b[31m'
    record = logging.LogRecord("x", logging.INFO, "x", 1, "said: %s", (text,), None)
    line = formatter.format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert json.loads(line)["event"] == f"said: {text}"
