"""All settings, driven by the environment and safe by default; docs/operate.md lists them."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ

from roadmap.logs import logging_config
from roadmap.sqlite.library import choose

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Where the database, the generated secret and collected static files live.
DATA_DIR = Path(env.str("ROADMIX_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def kept_secret(path: Path) -> str:
    """Return the secret of this installation, made once and readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret-key")
DEBUG = env.bool("DEBUG", default=False)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]  # health checks ask from here
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) + LOOPBACK
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Behind HTTPS (ROADMIX_HTTPS=1): secure cookies, HSTS, and a redirect from plain HTTP.
HTTPS = env.bool("ROADMIX_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("ROADMIX_TRUST_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tracker.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# The setting's name is that of Django 6, the middleware ours. SSO adds its provider's origin.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'", *env.list("ROADMIX_FORM_ORIGINS", default=[])],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
}

INSTALLED_APPS = [
    "roadmap.apps.LeadsAdmin",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "roadmap.apps.CollectedFiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "simple_history",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks_db",
    "tracker",
]
MIDDLEWARE = [
    "roadmap.middleware.content_security_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "roadmap.middleware.compressed_pages",
    "roadmap.middleware.refuse_null_characters",
    "roadmap.middleware.get_and_post_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "roadmap.middleware.private_pages",
    "tracker.views.shell.remember_team",
    "tracker.views.setup.SetupFirst",
    "roadmap.middleware.InvalidFormsAre422",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "roadmap.urls"
WSGI_APPLICATION = "roadmap.wsgi.application"

_loaders: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
if not DEBUG:
    _loaders = [("django.template.loaders.cached.Loader", _loaders)]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", _loaders)],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.views.shell.shell",
            ],
        },
    }
]

# SQLite unless DATABASE_URL says otherwise. IMMEDIATE makes writers queue instead of failing.
SQLITE_SOURCE = choose(env.str("ROADMIX_SQLITE", default="bundled"))
_sqlite_url = f"sqlite:///{DATA_DIR / 'roadmix.sqlite3'}"
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=_sqlite_url),
}
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "roadmap.sqlite"
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 15}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits need a cache that all workers share: the database's, or CACHE_URL's.
CACHES: dict[str, dict[str, Any]] = {
    "default": env.cache_url("CACHE_URL", default="dbcache://roadmix_cache"),
}
if "CACHE_URL" in os.environ:
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# Work in the background waits in the database, so that nothing more has to be run for it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
_validation = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_validation}UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": f"{_validation}MinimumLengthValidator"},
    {"NAME": f"{_validation}CommonPasswordValidator"},
    {"NAME": f"{_validation}NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "tracker.forms.accounts.AccountAdapter"
_forms = "tracker.forms.accounts."
ACCOUNT_FORMS = {
    "login": f"{_forms}LoginForm",
    "signup": f"{_forms}SignupForm",
    "add_email": f"{_forms}AddEmailForm",
    "change_password": f"{_forms}ChangePasswordForm",
    "set_password": f"{_forms}SetPasswordForm",
    "reset_password": f"{_forms}ResetPasswordForm",
    "reset_password_from_key": f"{_forms}ResetPasswordKeyForm",
}
MFA_FORMS = {
    "authenticate": f"{_forms}SecondStepForm",
    "reauthenticate": f"{_forms}AgainForm",
    "activate_totp": f"{_forms}SwitchOnForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Roadmix] "
# People come by invitation. Where anybody may sign up, the address must be proven to be theirs.
OPEN_SIGNUP = env.bool("ROADMIX_OPEN_SIGNUP", default=False)
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if OPEN_SIGNUP else "optional"
# What a visitor from another machine must know to set an empty installation up; "" makes one.
SETUP_CODE = env.str("ROADMIX_SETUP_CODE", default="")
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Roadmix"
MFA_ALLOW_UNVERIFIED_EMAIL = not OPEN_SIGNUP

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="roadmix@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [(BASE_DIR / "static")]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "roadmap.storage.HashedStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = logging_config(env.str("LOG_LEVEL", default="INFO"), as_json=not DEBUG)
