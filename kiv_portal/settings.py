"""The one settings file. Everything a machine may decide comes from the environment (`.env.example` lists it);
a missing or malformed value ends the start with one sentence that names it.
"""

import re
from pathlib import Path

import pghistory
from csp.constants import NONE, SELF
from environs import Env, EnvError, validate
from marshmallow import ValidationError

from kiv_portal.floors import FLOORS

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env(prefix="KIV_")


def _longer_than_a_word(value: str) -> None:
    if len(value) < 32:
        raise ValidationError("must be at least 32 characters long")


ORIGIN = r"https?://[A-Za-z0-9.:\[\]-]+"  # nothing that could end a directive of the security policy


def _origins(values: list[str]) -> None:
    for value in values:
        if not re.fullmatch(ORIGIN, value):
            raise ValidationError(f"{value!r} is not an origin such as https://login.example.de")


try:
    DEBUG = env.bool("DEBUG", default=False)
    DEMO = env.bool("DEMO", default=False)
    DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")
    DEMO_DAYS_AHEAD = env.int("DEMO_DAYS_AHEAD", default=0)
    SECRET_KEY = env.str("SECRET_KEY", validate=_longer_than_a_word)
    ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", validate=validate.Length(min=1))
    BASE_URL = env.str("BASE_URL", validate=validate.Regexp(r"^https?://[^/\s]+$")).rstrip("/")
    SECURE = env.bool("SECURE", default=True)
    TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0, validate=validate.Range(min=0, max=5))
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", ssl_require=False)}
    DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=0, validate=validate.Range(min=0, max=100))
    REDIS_URL = env.str("REDIS_URL", validate=validate.Regexp(r"^(redis|rediss|redis\+socket)://"))
    MEDIA_ROOT = env.path("MEDIA_ROOT", default=BASE_DIR / "var" / "media")
    STATIC_ROOT = env.path("STATIC_ROOT", default=BASE_DIR / "var" / "static")
    FONT_ROOT = env.path("FONT_ROOT", default=BASE_DIR / "var" / "fonts")
    ASSET_ROOT = env.path("ASSET_ROOT", default=BASE_DIR / "var" / "assets")
    VERAPDF = env.bool("VERAPDF", default=True)
    VERAPDF_ROOT = env.path("VERAPDF_ROOT", default=BASE_DIR / "var" / "verapdf")
    EMAIL = env.dj_email_url("EMAIL_URL")
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
    FEEDBACK_EMAIL = env.str("FEEDBACK_EMAIL", default="") or DEFAULT_FROM_EMAIL
    LOG_LEVEL = env.str(
        "LOG_LEVEL", default="INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
    )
    EDITION_LEASE_SECONDS = env.int(
        "EDITION_LEASE_SECONDS", default=60, validate=validate.Range(min=2, max=3600)
    )
    OIDC_NAME = env.str("OIDC_NAME", default="")
    OIDC_SERVER_URL = env.str(
        "OIDC_SERVER_URL", default="", validate=validate.Regexp(rf"^({ORIGIN}(/\S*)?)?$")
    )
    OIDC_FORM_ORIGINS: list[str] = env.list("OIDC_FORM_ORIGINS", default=[], validate=_origins)
    OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
    OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
except EnvError as error:
    raise SystemExit(f"KIV-Portal cannot start: {str(error).rstrip('.')}. See .env.example.") from None

if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise SystemExit(
        "KIV-Portal cannot start: KIV_DATABASE_URL must name a PostgreSQL database. See .env.example."
    )

if "EMAIL_BACKEND" not in EMAIL:
    raise SystemExit(
        "KIV-Portal cannot start: KIV_EMAIL_URL must begin with smtp://, submission:// or console://. See .env.example."
    )

# --- applications

INSTALLED_APPS = [
    "kiv_portal.accounts",
    "kiv_portal.mails",
    "kiv_portal.ui",
    *(floor for floor in FLOORS if floor != "kiv_portal"),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "pgtrigger",
    "pghistory",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kiv_portal.broken_requests.BrokenRequestsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kiv_portal.accounts.private_pages.PrivatePagesMiddleware",
    "kiv_portal.accounts.middleware.SignInRequiredMiddleware",
    "kiv_portal.accounts.middleware.SecondFactorMiddleware",
    "kiv_portal.accounts.stored_drafts.StoredDraftMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",  # who did it: account and page go into every row of history
]

ROOT_URLCONF = "kiv_portal.urls"
WSGI_APPLICATION = "kiv_portal.wsgi.application"

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
                "home.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "kiv_portal.ui.renderer.PortalRenderer"

# --- data

DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASE_POOL_SIZE:
    # The pool is for the web process only: under Celery's prefork it would be closed after every task.
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 10}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits live in the database: a dead Redis must never stop a sign-in.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # Far above what a day brings: a full cache throws away limits that still count (accounts.clear_expired).
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

STORAGES = {
    "default": {"BACKEND": "kiv_portal.durable_storage.DurableFileSystemStorage"},
    "staticfiles": {"BACKEND": "kiv_portal.ui.modules.ModuleStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "kiv_portal.uploads.handler.CappedUploadHandler",  # first: what it withholds, the others never see
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5  # no form has more than one

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("build", ASSET_ROOT),
]


# Row triggers write every change; the event tables themselves accept neither UPDATE nor DELETE.
PGHISTORY_APPEND_ONLY = True
# History is read by the row it is about, which stays indexed; eight more indexes would cost every write.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_CONTEXT_FIELD = pghistory.ContextForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)  # reading writes nothing, so it needs no context
# Deletions too: who took a row away, and what stood in it.
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

# --- language and time

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# --- sign-in (allauth)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "kiv_portal.accounts.views.csrf_failure"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ACCOUNT_ADAPTER = "kiv_portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # sign-up is closed; allauth shows a password at sign-in only with it
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # only operators make accounts, and the code by e-mail proves the address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Six digits are easy to dictate and to read aloud. Three tries a code are counted in the session, where requests
# sent at one moment pass each other; so the tries are limited by address and by e-mail, too: 30 of a million an hour.
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,15/h/key",
    "confirm_login_code": "20/m/ip,10/m/key,30/h/key",  # not allauth's: EmailCodeConfirmView asks for it
    "repeat_invitation": "1/m/key",  # nor this: municipalities.towns.views.repeat_invitation does
    "change_email": "5/h/key",  # nor this: identity_views.email does
    "report_concern": "10/h/ip",  # nor are these: the public form asks for them
    "report_concern_in_town": "60/h/key",
    "concern_by_link": "20/h/ip,30/d/key",  # what who reported it says later; the key is that of the concern
    "council_question": "10/h/ip",  # by a link without an account
    "keep_upload_of_nobody": "10/h/ip",  # kiv_portal.uploads.kept: a form with a file that comes back
    "keep_upload": "60/h/key",
    "check_file": "60/h/ip",  # reports.council.authenticity_views: a town hall shares one address
}
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_FORMS = {
    "login": "kiv_portal.accounts.forms.PasswordSignInForm",
    "request_login_code": "kiv_portal.accounts.forms.EmailCodeForm",
    "confirm_login_code": "kiv_portal.accounts.forms.EmailCodeConfirmForm",
    "reauthenticate": "kiv_portal.accounts.forms.ConfirmByPasswordForm",
}
MFA_ADAPTER = "kiv_portal.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "KIV-Portal"
MFA_TOTP_TOLERANCE = 1  # the code before the current one still counts: typing may take its time
MFA_FORMS = {
    "authenticate": "kiv_portal.accounts.forms.SecondStepForm",
    "reauthenticate": "kiv_portal.accounts.forms.ConfirmByCodeForm",
    "activate_totp": "kiv_portal.accounts.forms.AppSetupForm",
    "authenticate_webauthn": "kiv_portal.accounts.forms.PasskeySecondStepForm",
    "reauthenticate_webauthn": "kiv_portal.accounts.forms.ConfirmByPasskeyForm",
    "login_webauthn": "kiv_portal.accounts.forms.PasskeySignInForm",
    "add_webauthn": "kiv_portal.accounts.forms.PasskeyAddForm",
    "edit_webauthn": "kiv_portal.accounts.forms.PasskeyRenameForm",
}
SOCIALACCOUNT_ADAPTER = "kiv_portal.accounts.adapter.CountyLoginAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
if OIDC_SERVER_URL:
    OIDC_ORIGIN = "/".join(OIDC_SERVER_URL.split("/")[:3])
    if not (OIDC_NAME and OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
        raise SystemExit(
            "KIV-Portal cannot start: KIV_OIDC_SERVER_URL needs KIV_OIDC_NAME, KIV_OIDC_CLIENT_ID and "
            "KIV_OIDC_CLIENT_SECRET. See .env.example."
        )
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "verwaltung",
                    "name": OIDC_NAME,
                    "client_id": OIDC_CLIENT_ID,
                    "secret": OIDC_CLIENT_SECRET,
                    "settings": {"server_url": OIDC_SERVER_URL},
                }
            ],
        }
    }

# --- security

CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
# no third cookie for confirmations
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Signing in there starts with a form, and Chrome asks this list for every redirect that follows.
        "form-action": [SELF, *((OIDC_FORM_ORIGINS or [OIDC_ORIGIN]) if OIDC_SERVER_URL else [])],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- e-mail

EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = EMAIL["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 10
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- background work: docs/adr/0004 says why each of these is as it is

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # safe: attempts are counted in the row
# A worker takes the next message when a process is free, counted by its own requests. Counted by unacknowledged
# messages (a multiplier of 1) it never took another one after a single acknowledgement was lost to a silent Redis.
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 0
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 330_000  # KiB after a task; the next one takes it to 350 MiB at the most
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}

# --- logging: to standard error, one line a record; the machine collects it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {"pikepdf": {"level": "WARNING"}},  # it greets at every start
}
