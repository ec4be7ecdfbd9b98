"""One file of settings, fed by the environment through the strict readers of `config.env`.

With no environment at all it is a development registry on SQLite under `var/`. In production
(`REGISTRY_MODE=production`) nothing that matters has a default: a missing or bad value stops the
process with its name.
"""

from datetime import timedelta
from pathlib import Path
from zoneinfo import available_timezones

from csp.constants import NONE, SELF

from config.env import BadSetting, Environment

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_ROOT = env.path("VAR_ROOT", BASE_DIR / "var")

# --- what kind of process this is -----------------------------------------------------------------

REGISTRY_MODE = env.choice("REGISTRY_MODE", ("development", "production"), "development")
PRODUCTION = REGISTRY_MODE == "production"

# Off even in development: Django then keeps every statement, and an import has a million of them.
DEBUG = env.flag("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise BadSetting("DEBUG", "must be off in production.")

DEVELOPMENT_SECRET_KEY = "for development and the demonstration only, printed in the source"
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else DEVELOPMENT_SECRET_KEY)
if PRODUCTION and (SECRET_KEY == DEVELOPMENT_SECRET_KEY or len(SECRET_KEY) < 50):
    raise BadSetting("SECRET_KEY", "must be at least 50 characters of your own in production.")

# --- the register ---------------------------------------------------------------------------------

PRODUCT_NAME = "Recruitment Code Registry"

# Printed in QR codes and documents; never taken from the Host header of a request.
CANONICAL_ORIGIN = env.origin(
    "CANONICAL_ORIGIN", None if PRODUCTION else "http://127.0.0.1:8000", secure=PRODUCTION
)

# The calendar of the register: every date in an answer is a day in this zone, and says so.
REGISTRY_TIME_ZONE = env.text("REGISTRY_TIME_ZONE", "UTC")
if REGISTRY_TIME_ZONE not in available_timezones():
    raise BadSetting("REGISTRY_TIME_ZONE", f"is no known time zone: {REGISTRY_TIME_ZONE!r}.")

# Where the private keys are: with a process of their own that is asked over a socket, or in a
# folder with a file a purpose. SIGNING_KEY_FILE alone is the key of statements. Where nothing is
# said, demonstration keys are made at first need; every document signed with one says so.
KEYS_BY = ("SIGNER_SOCKET", "SIGNING_KEYS_DIR", "SIGNING_KEY_FILE")
SAID_OF_KEYS = [name for name in KEYS_BY if {name, f"{name}_FILE"} & env.variables.keys()]
SIGNING_KEY_IS_DEMONSTRATION = not PRODUCTION and not SAID_OF_KEYS
SIGNER_SOCKET: Path | None = None
SIGNING_KEYS_DIR: Path | None = None
SIGNING_KEY_FILE: Path | None = None
if SIGNING_KEY_IS_DEMONSTRATION:
    SIGNING_KEYS_DIR = VAR_ROOT / "keys"
    SIGNING_KEY_FILE = SIGNING_KEYS_DIR / "demonstration-ed25519.pem"
elif "SIGNER_SOCKET" in SAID_OF_KEYS:
    SIGNER_SOCKET = env.path("SIGNER_SOCKET")
    if len(SAID_OF_KEYS) > 1:
        raise BadSetting("SIGNER_SOCKET", "is set, so this process must hold no key itself.")
else:
    if "SIGNING_KEY_FILE" in SAID_OF_KEYS:
        SIGNING_KEY_FILE = env.path("SIGNING_KEY_FILE")
    if SIGNING_KEY_FILE is None or "SIGNING_KEYS_DIR" in SAID_OF_KEYS:
        SIGNING_KEYS_DIR = env.path("SIGNING_KEYS_DIR")

# How long a signed status list counts for somebody who cannot ask again; the register signs a new
# one every minute.
STATUS_LIST_VALID_MINUTES = env.number("STATUS_LIST_VALID_MINUTES", 15, least=3, most=1440)

# An RFC 3161 authority whose timestamp every seal on a document carries; nobody where it is empty.
TIMESTAMP_AUTHORITY_URL = env.text("TIMESTAMP_AUTHORITY_URL", "")

# Keys the hash under which a placement's reference appears outside its agency.
REFERENCE_HASH_KEY = env.text("REFERENCE_HASH_KEY", None if PRODUCTION else SECRET_KEY)

EVIDENCE_ROOT = env.path("EVIDENCE_ROOT", VAR_ROOT / "evidence")
DOCUMENT_ROOT = env.path("DOCUMENT_ROOT", VAR_ROOT / "documents")
IMPORT_ROOT = env.path("IMPORT_ROOT", VAR_ROOT / "imports")

MEGABYTE = 1024 * 1024
EVIDENCE_MAX_BYTES = env.number("EVIDENCE_MAX_MEGABYTES", 20, least=1) * MEGABYTE
IMPORT_MAX_BYTES = env.number("IMPORT_MAX_MEGABYTES", 500, least=1) * MEGABYTE
# A workbook is a ZIP: what it unpacks to counts, and a ratio beyond this is a bomb.
IMPORT_MAX_UNPACKED_BYTES = env.number("IMPORT_MAX_UNPACKED_MEGABYTES", 1024, least=1) * MEGABYTE
IMPORT_MAX_UNPACK_RATIO = 100
IMPORT_MAX_ROWS = env.number("IMPORT_MAX_ROWS", 5_000_000, least=1)
# A workbook is read by a process of its own, which is given no more than this; a small workbook is
# given less (`workbooks.memory_for`). 200,000 rows of all columns take half of it.
IMPORT_WORKBOOK_CPU_SECONDS = env.number("IMPORT_WORKBOOK_CPU_SECONDS", 300, least=1)
IMPORT_WORKBOOK_MAX_BYTES = env.number("IMPORT_WORKBOOK_MAX_MEGABYTES", 1024, least=64) * MEGABYTE

# Deadlines of an audit, of our own choice: what a corrective action and an appeal are given, how
# long ago somebody must have left an agency to audit it, and how long a certificate may hold.
CORRECTION_CRITICAL_WORKING_DAYS = env.number("CORRECTION_CRITICAL_WORKING_DAYS", 15, least=1)
CORRECTION_MAJOR_DAYS = env.number("CORRECTION_MAJOR_DAYS", 60, least=1)
CORRECTION_MINOR_DAYS = env.number("CORRECTION_MINOR_DAYS", 180, least=1)
ATTESTATION_VALID_DAYS = env.number("ATTESTATION_VALID_DAYS", 365, least=1)
KNOWLEDGE_WAIT_DAYS = env.number("KNOWLEDGE_WAIT_DAYS", 7, least=1)
KNOWLEDGE_VALID_DAYS = env.number("KNOWLEDGE_VALID_DAYS", 365, least=1)
ATTESTATION_CHANGES_DAYS = env.number("ATTESTATION_CHANGES_DAYS", 30, least=1)
APPEAL_DAYS = env.number("APPEAL_DAYS", 30, least=1)
IMPARTIALITY_YEARS = env.number("IMPARTIALITY_YEARS", 2, least=0)
CERTIFICATE_YEARS = env.number("CERTIFICATE_YEARS", 2, least=1)

# What a regulator's desk gives itself for each kind of matter, also of our own choice. The clock
# stands still while a matter waits for the other side.
DESK_ATTESTATION_DAYS = env.number("DESK_ATTESTATION_DAYS", 30, least=1)
DESK_CLAIM_DAYS = env.number("DESK_CLAIM_DAYS", 10, least=1)
DESK_CORRECTION_DAYS = env.number("DESK_CORRECTION_DAYS", 21, least=1)
DESK_DECISION_DAYS = env.number("DESK_DECISION_DAYS", 14, least=1)
DESK_APPEAL_DAYS = env.number("DESK_APPEAL_DAYS", 60, least=1)
DESK_STATUS_CHANGE_DAYS = env.number("DESK_STATUS_CHANGE_DAYS", 5, least=1)
DESK_CONCERN_DAYS = env.number("DESK_CONCERN_DAYS", 90, least=1)
# how long the words of a closed concern are kept
CONCERN_KEEP_DAYS = env.number("CONCERN_KEEP_DAYS", 1095, least=30)

# --- what it is made of ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Serves files itself in development, so that `runserver` and gunicorn behave alike.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_filters",
    "guardian",
    "agencies",
    "attestations",
    "audits",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.refuse_nul_in_addresses",
    "config.middleware.say_when_not_caught_up",
    "config.middleware.PublicPagesAskNobody",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "config.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- the database ---------------------------------------------------------------------------------

DATABASE = env.database(
    "DATABASE_URL", None if PRODUCTION else f"sqlite:///{VAR_ROOT / 'registry.sqlite3'}"
)
if DATABASE["ENGINE"].endswith("sqlite3"):
    # FULL, never NORMAL: an act that was confirmed survives a power cut (design.md §6).
    DATABASE["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # 64 MB of pages a connection, where 2 MB are usual: with those, the indexes of a large
        # import are written to the log and read back over and over.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
        ),
    }
else:
    # A new connection a request makes the verify page 7.6 times slower.
    DATABASE["CONN_MAX_AGE"] = 60
    DATABASE["CONN_HEALTH_CHECKS"] = True
    timeouts = {
        "statement_timeout": env.number("DATABASE_STATEMENT_SECONDS", 300, least=1),
        "lock_timeout": 20,
        "idle_in_transaction_session_timeout": 300,
    }
    DATABASE["OPTIONS"] |= {
        "options": " ".join(f"-c {name}={seconds}s" for name, seconds in timeouts.items())
    }
DATABASES = {"default": DATABASE}

# The last checkpoint of the log, beside the database and best on another disk: it tells when an
# older copy of the database was brought back. Development has a folder for each database it tries.
CHECKPOINT_ROOT = env.path(
    "CHECKPOINT_ROOT",
    VAR_ROOT / "checkpoints" / ("" if PRODUCTION else Path(str(DATABASE["NAME"])).stem),
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people and sessions --------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
# Nobody is nobody: an anonymous row would be a user whom a permission could be given.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{PASSWORD_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{PASSWORD_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{PASSWORD_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{PASSWORD_VALIDATION}.NumericPasswordValidator"},
]

LOGIN_URL = "agencies:sign_in"
LOGIN_REDIRECT_URL = "agencies:home"
LOGOUT_REDIRECT_URL = "agencies:sign_in"

SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- the web --------------------------------------------------------------------------------------

ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", None if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"]
)
if "*" in ALLOWED_HOSTS:
    raise BadSetting("ALLOWED_HOSTS", "must name its hosts; * would answer to any.")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", default=True)
    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [CANONICAL_ORIGIN]
    if env.flag("BEHIND_TLS_PROXY", default=False):
        # Only where the proxy sets this header itself on every request and drops a client's.
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Files travel in their own limits above; these are for form fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * MEGABYTE
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600

STATIC_URL = "/static/"
# What set-up built is served as it is; production collects it under names that carry a digest.
STATIC_BUILD = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [STATIC_BUILD] if PRODUCTION else []
STATIC_ROOT = env.path("STATIC_ROOT", VAR_ROOT / "collected") if PRODUCTION else STATIC_BUILD
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DOCUMENT_ROOT)},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_AUTOREFRESH = DEBUG

# --- language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = REGISTRY_TIME_ZONE

# --- mail -----------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text(
    "DEFAULT_FROM_EMAIL", None if PRODUCTION else "registry@registry.example"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
if PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("EMAIL_HOST")
    EMAIL_PORT = env.number("EMAIL_PORT", 587, least=1, most=65535)
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
else:
    # One file a message, so that whoever tries the registry can read an invitation.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_ROOT / "mail"

# --- tasks ----------------------------------------------------------------------------------------

BROKER_ROOT = env.path("BROKER_ROOT", VAR_ROOT / "broker")
BROKER_FOLDERS: list[Path] = []
CELERY_BROKER_URL = env.text("BROKER_URL", None if PRODUCTION else "filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem:"):
    BROKER_FOLDERS = [BROKER_ROOT / "messages", BROKER_ROOT / "control"]
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDERS[0]),
        "data_folder_out": str(BROKER_FOLDERS[0]),
        "control_folder": str(BROKER_FOLDERS[1]),
        # One second, the default, leaves a queue of 200 undone after a minute.
        "polling_interval": 0.1,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = REGISTRY_TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(BROKER_ROOT / "beat-schedule")
# Whatever a broker lost is sent again from the database.
SWEEP_EVERY = timedelta(seconds=30)
CELERY_BEAT_SCHEDULE = {
    "send what the outbox holds": {"task": "agencies.tasks.send_outbox", "schedule": SWEEP_EVERY},
    "forget attempts to sign in": {
        "task": "agencies.tasks.forget_attempts",
        "schedule": timedelta(hours=1),
    },
    "send again what imports lost": {"task": "attestations.tasks.sweep", "schedule": SWEEP_EVERY},
    "sign how far the log has come": {
        "task": "audits.tasks.sign_checkpoint",
        "schedule": timedelta(seconds=10),
    },
    "send again what audits lost": {"task": "audits.tasks.sweep", "schedule": SWEEP_EVERY},
    "forget old concerns": {
        "task": "audits.tasks.forget_old_concerns",
        "schedule": timedelta(days=1),
    },
    "remove what crashes left": {
        "task": "audits.tasks.remove_leftovers",
        "schedule": timedelta(days=1),
    },
}

# --- logs -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.LineFormatter",
            "format": "%(asctime)s level=%(levelname)s logger=%(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Each draws a full trace of the font machinery; only what fails is news.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
