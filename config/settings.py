"""All settings, read from the environment only.

| variable | meaning | without it |
|---|---|---|
| XIYUAN_HOME | folder of data and secrets | `var/` in the project's root |
| DATABASE_URL, REDIS_URL | real servers | those of a running `make run` |
| XIYUAN_SECRET_KEY | Django's secret key | made once, kept under XIYUAN_HOME (0600) |
| XIYUAN_HOSTS | host names served, comma separated | loopback only |
| XIYUAN_PLAIN_HTTP | 1: plain HTTP on loopback (`make run`) | cookies are secure, HSTS is sent |
| XIYUAN_URL | address that mail links to | http://localhost:8000 |
| XIYUAN_PROXIES | number of trusted proxies in front | 0 |
| XIYUAN_SHOW_MAIL | 1: /outbox/ shows what is in mail, keys to accounts too | 0 |
| XIYUAN_DEBUG | 1: development: tracebacks and /styleguide/ | 0 |
| EMAIL_URL | where mail goes, e.g. smtp+tls://user:password@host:587 | mail stays in the outbox |
| XIYUAN_MAIL_FROM | sender of mail | 席园 <no-reply@xiyuan.example> |
"""

import json
import secrets
from pathlib import Path

import environ
import pgtrigger
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

HOME = Path(env.str("XIYUAN_HOME", default=str(BASE_DIR / "var"))).resolve()


def _endpoint(name: str) -> str:
    """The address of a server: from the environment, else of the running `make run`."""
    if address := env.str(name, default=""):
        return address
    try:
        endpoints: dict[str, str] = json.loads((HOME / "endpoints.json").read_text())
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"No {name} is set and no `make run` is running in {HOME}. Start one or set it."
        ) from None
    return endpoints[name]


def _secret_key() -> str:
    """The secret key: from the environment, else made once and kept under XIYUAN_HOME."""
    if key := env.str("XIYUAN_SECRET_KEY", default=""):
        return key
    path = HOME / "secret_key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


DEBUG = env.bool("XIYUAN_DEBUG", default=False)
PLAIN_HTTP = env.bool("XIYUAN_PLAIN_HTTP", default=False)
SHOW_MAIL = env.bool("XIYUAN_SHOW_MAIL", default=False)
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("XIYUAN_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "web",
    "accounts",
    "audit",
    "foundation",
    "park",
    "tenants",
    "seats",
    "returns",
    "reports",
    "portal",
    "sample",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # its widgets are drawn by web.forms.FormRenderer
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.bodies.ReadToTheEndMiddleware",
    "web.bodies.PrivateMiddleware",
    "web.csp.ContentSecurityPolicyMiddleware",
    "web.requests.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "web.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "web.forms.FormRenderer"

# One database for everything that must not be lost; Redis carries the queue only.
DATABASES = {
    "default": {
        **env.db_url_config(_endpoint("DATABASE_URL")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # limits of failed sign-ins must not be crowded out
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 60 * 60
SECURE_SSL_REDIRECT = False  # the proxy redirects; health checks come over plain HTTP
# Subdomains and preload lists are for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_PROXY_SSL_HEADER = None if PLAIN_HTTP else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if "*" not in host]

STORAGES = {
    "default": {"BACKEND": "foundation.storage.DatabaseStorage"},
    "staticfiles": {"BACKEND": "web.static_files.HashedFiles"},
}
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation to their address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {"reset_password": "accounts.forms.PasswordResetForm"}
# A whole park may come from one address: its limits are wide, those of one account are not.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/300s/key",
    "reset_password": "60/m/ip,5/m/key",
}
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("XIYUAN_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation went to that address
MFA_TOTP_ISSUER = "席园"

# Languages: Simplified Chinese first, English complete
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Mail: a row of the outbox first, then sent by the worker where EMAIL_URL says
EMAIL_BACKEND = "foundation.mail.OutboxBackend"
EMAIL_TIMEOUT = 10  # seconds: a server that does not answer must not hold up the worker
MAIL_TRANSPORT = ""
if env.str("EMAIL_URL", default=""):
    _mail = env.email_url("EMAIL_URL")
    MAIL_TRANSPORT = _mail.pop("EMAIL_BACKEND")
    vars().update({key: value for key, value in _mail.items() if key.isupper()})
PUBLIC_URL = env.str("XIYUAN_URL", default="http://localhost:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env.str("XIYUAN_MAIL_FROM", default="席园 <no-reply@xiyuan.example>")

# The queue. Work is a row first (foundation.Job); a lost message is sent again by beat.
CELERY_BROKER_URL = _endpoint("REDIS_URL")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "web.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "web.problems.exception_handler",
    "COERCE_DECIMAL_TO_STRING": False,
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "席园 Xiyuan",
    "DESCRIPTION": "The park's seats, enterprises, monthly returns and official reports.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.describe",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AllocationKind": "seats.models.AllocationKind",
        "BusinessClass": "tenants.models.BusinessClass",
        "EnterpriseState": "tenants.models.EnterpriseState",
        "ExportKind": "reports.models.ExportKind",
        "FitOutState": "seats.models.FitOutState",
        "HandoverState": "seats.models.HandoverState",
        "JobState": "foundation.models.Job.State",
        "ReportKind": "reports.models.ReportKind",
        "ReportState": "reports.models.ReportState",
        "ReturnState": "returns.models.ReturnState",
        "SeatLoanState": "seats.models.LoanState",
        "SeatRequestKind": "seats.models.RequestKind",
        "SeatRequestState": "seats.models.RequestState",
        "ZoneState": "seats.serializers.place.ZONE_STATES",
    },
}

# History: every insert, update and delete of a business row, append-only, one trigger a statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_LEVEL = pgtrigger.Statement

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "web.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}},
}
