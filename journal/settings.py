"""Settings of the site: everything that an operator may change comes from the environment."""

from __future__ import annotations

import os
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from journal.logs import configure as configure_logs
from journal.secrets import read_or_create


def env(name: str, default: str) -> str:
    return os.environ.get(name) or default


def env_int(name: str, default: int) -> int:
    return int(env(name, str(default)))


def env_list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(env("MOODTIDE_HOME", str(BASE_DIR / "var"))).resolve()
# What is written here is for this user alone, also where the folder was made by somebody else with open doors.
os.umask(0o077)
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRETS = HOME / "secrets"

SECRET_KEY = os.environ.get("SECRET_KEY") or read_or_create(SECRETS / "django.key")
# Wraps each person's data key. Whoever loses it loses every sealed note and picture.
SITE_KEY = os.environ.get("MOODTIDE_SITE_KEY") or read_or_create(SECRETS / "site.key")
DEBUG = False


def _written_by_supervisor(name: str) -> str:
    note = HOME / "run" / name
    return note.read_text().strip() if note.is_file() else ""


# -- One setting decides host, cookies, HSTS and redirects.
def _public_url() -> str:
    """From the environment; else as the supervisor last started the site."""
    if url := os.environ.get("PUBLIC_URL"):
        return url.rstrip("/")
    if port := os.environ.get("PORT"):
        return f"http://localhost:{port}"
    return _written_by_supervisor("public.url") or "http://localhost:8000"


PUBLIC_URL = _public_url()
_public = urlsplit(PUBLIC_URL)
_secure = _public.scheme == "https"
ALLOWED_HOSTS = [_public.hostname or "localhost", "localhost", "127.0.0.1", "[::1]", *env_list("EXTRA_HOSTS")]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())
if _secure:
    SECURE_SSL_REDIRECT = True
    SECURE_SSL_HOST = _public.netloc
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    # HTTPS means a proxy in front: without this all people behind it would share one rate limit.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-moodtide", "__Host-csrf"
    # The supervisor asks this page over plain HTTP whether the site is up.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "report-uri": "/csp-report",
    }
}
PERMISSIONS_POLICY: dict[str, str | list[str]] = {
    "camera": "self",
    "microphone": [],
    "geolocation": [],
    "display-capture": [],
    "payment": [],
    "usb": [],
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "journal.oversight.apps.AdminConfig",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "journal.accounts",
    "journal.telling",
    "journal.registry",
    "journal.snapshots",
    "journal.readings",
    "journal.moods",
    "journal.downswings",
    "journal.oversight.apps.OversightConfig",
    "journal.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "journal.web.middleware.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "journal.web.middleware.FirstOwnerMiddleware",
    "journal.web.middleware.PersonalPagesMiddleware",
]
ROOT_URLCONF = "journal.urls"
WSGI_APPLICATION = "journal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# -- Storage. The embedded default is one SQLite file and sealed files under the data folder.
SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(HOME / "moodtide.sqlite3"),
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        # A writer takes its lock at BEGIN, so two that read first and write later can't deadlock.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            # What is deleted is overwritten, and leaves no trace in the file once beat has emptied the log.
            "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
        ),
    },
    # A file, not memory, so that tests meet the same locks as people.
    "TEST": {"NAME": str(HOME / "test.sqlite3")},
}
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    if (url := os.environ.get("DATABASE_URL"))
    else SQLITE
}
if DATABASES["default"]["ENGINE"] == SQLITE["ENGINE"]:
    DATABASES["default"] = {**SQLITE, "NAME": DATABASES["default"]["NAME"]}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PICTURES = HOME / "pictures"
BUNDLES = HOME / "bundles"
SHIPPED_BUNDLE = Path(env("MOODTIDE_BUNDLE", str(BASE_DIR / "inference" / "bundles" / "moodtide")))
# What the shipped bundle is worth, measured by `python -m training card`.
SHIPPED_CARD = BASE_DIR / "docs" / "model-card" / "card.json"

# -- The doorbell. The supervisor writes where the embedded broker listens.
REDIS_URL = os.environ.get("REDIS_URL") or _written_by_supervisor("redis.url") or "redis://127.0.0.1:6379/0"
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "journal.readings.tasks.analyse_snapshot": {"queue": "inference"},
    # Waits for other people's servers, in a worker of its own: a long line of messages holds up nothing else.
    "journal.telling.tasks.deliver": {"queue": "telling"},
    # Another process at the lowest priority: what is tried out never holds up what people wait for.
    "journal.readings.tasks.read_along": {"queue": "shadow"},
    "journal.readings.tasks.check_version": {"queue": "shadow"},
}
# Celery itself would close the database after every message; journal/celery.py has Django's rule instead, as for
# requests. A connection costs more than what most bells of a long queue ask.
CELERY_DB_REUSE_MAX = 10**9
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A web request that can't ring the bell must not wait: the row is kept and is rung again later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 15,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "ring-again": {"task": "journal.readings.tasks.ring_again", "schedule": 10.0},
    "ring-to-tell": {"task": "journal.telling.tasks.ring_again", "schedule": 10.0},
    "forget-told": {"task": "journal.telling.tasks.forget_told", "schedule": 3600.0},
    # A round that waited for the next one has nothing to add to it.
    "remind": {"task": "journal.moods.tasks.remind", "schedule": crontab(), "options": {"expires": 55}},
    "end-overdue-trials": {"task": "journal.readings.tasks.end_overdue", "schedule": 15.0},
    "purge-deleted": {"task": "journal.moods.tasks.purge_deleted", "schedule": 600.0},
    "watch-ended-days": {"task": "journal.downswings.tasks.watch_ended_days", "schedule": 300.0},
    "empty-write-ahead-log": {
        "task": "journal.snapshots.tasks.empty_write_ahead_log",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "forget-strays": {"task": "journal.snapshots.tasks.forget_strays", "schedule": 3600.0},
}
CACHES = {
    # Rate limits and the like: one web process, so its own memory will do and needs no broker.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    },
}

# -- Reading.
INFERENCE_THREADS = max(1, env_int("INFERENCE_THREADS", 2))  # pictures that are read at the same time
SMALLEST_FACE = env_int("SMALLEST_FACE", 10)  # percent of the picture's shorter side; smaller faces aren't looked for
if not 1 <= SMALLEST_FACE <= 100:
    raise ImproperlyConfigured(f"SMALLEST_FACE is {SMALLEST_FACE}, but has to be a percentage between 1 and 100.")
READING_TIME_LIMIT = env_int("READING_TIME_LIMIT", 30)  # seconds with one picture before the worker is killed
READING_ATTEMPTS = env_int("READING_ATTEMPTS", 3)
# What waits anyway is read together with what is asked for; nothing waits for others to come.
READING_BATCH = max(1, env_int("READING_BATCH", 16))
# Seconds more for each further picture: enough for a slow machine, and a picture that hangs isn't waited for as long as
# all of a batch might be.
READING_TIME_LIMIT_EACH = READING_TIME_LIMIT / 10
# Older than this and still PROCESSING: the worker that claimed the row is gone.
READING_STALE = READING_TIME_LIMIT + READING_TIME_LIMIT_EACH * (READING_BATCH - 1) + 5

# -- Model versions.
MODEL_TWO_PERSON_RULE = env("MODEL_TWO_PERSON_RULE", "0") == "1"

# -- Accounts.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "journal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_FORMS = {"add_email": "journal.accounts.forms.AddressForm"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
# Beside allauth's own: browsers' reports, of which more would only wash other lines out of the log.
ACCOUNT_RATE_LIMITS = {"csp_report": "10/m/ip,60/h/key"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:today"
LOGOUT_REDIRECT_URL = "account_login"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if _email_url := os.environ.get("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _email_url
    EMAIL_PORT = env_int("EMAIL_PORT", 587)
    EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env("EMAIL_USE_TLS", "1") == "1"
EMAIL_TIMEOUT = 15  # seconds of silence
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", f"moodtide@{_public.hostname}")

# -- Telling people, in their browsers.
PUSH_KEY = os.environ.get("MOODTIDE_PUSH_KEY") or read_or_create(SECRETS / "push.key")
# Whom a push service may write to when something is wrong: mailto: or https:.
PUSH_CONTACT = env("PUSH_CONTACT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
# For a push service of one's own, on a private address or without TLS; tests bring one.
PUSH_PRIVATE = env("PUSH_PRIVATE", "0") == "1"

# -- Pages.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "journal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Any storage that Django knows will do, as long as every worker reaches it.
    "bundles": {"BACKEND": "journal.registry.storage.WholeFiles", "OPTIONS": {"location": BUNDLES}},
    "staticfiles": {
        # Names with a hash, so that browsers may keep files for ever; tests do without collecting them first.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env("STATIC_MANIFEST", "1") == "1"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# A picture is bounded by inference.image; this only keeps the rest of a request small.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # pictures wait in memory and never touch the disk unsealed
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LOGGING_CONFIG = None
configure_logs(env("LOG_LEVEL", "INFO"))
