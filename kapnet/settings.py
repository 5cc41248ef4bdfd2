"""Settings, from the environment or from var/env. What each one means: .env.example."""

from __future__ import annotations

import sys
from pathlib import Path

from kapnet.databases import read_databases
from kapnet.environment import (
    VAR_DIR,  # noqa: F401, read as a setting
    env,
    read_choice,
    read_days,
    read_limits,
    read_list,
    read_minutes,
    read_number,
    read_text,
    read_time_zone,
    read_truth,
    stop,
)
from kapnet.installed import INSTALLED_APPS, MIDDLEWARE  # noqa: F401, settings of Django
from kapnet.log import configure_log
from kapnet.page_rules import *  # noqa: F403, settings of Django

BASE_DIR = Path(__file__).resolve().parent.parent


def read_secret_key() -> str:
    """The key that signs sessions and links."""
    key = read_text("SECRET_KEY")
    if len(key) < SECRET_KEY_LENGTH:
        stop(f"SECRET_KEY is too short. Use at least {SECRET_KEY_LENGTH} random characters.")
    return key


# The basics

SECRET_KEY_LENGTH = 32
DEBUG = read_truth("DEBUG", default=False)
SECRET_KEY = read_secret_key()
SECRET_KEY_FALLBACKS = read_list("SECRET_KEY_FALLBACKS", "")
DATA_KEYS = read_list("DATA_KEYS", "")
# A demo of invented patients, which says so on every page. A system check keeps it on this machine.
DEMO = read_truth("DEMO", default=False)
OPEN_WITHOUT_SIGN_IN = read_truth("OPEN_WITHOUT_SIGN_IN", default=DEMO)
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS", "")
ROOT_URLCONF = "kapnet.urls"
FORCE_SCRIPT_NAME = ""  # a proxy may pass on a made-up one, for links that pages keep
WSGI_APPLICATION = "kapnet.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What an installation may call and set for itself

PRODUCT_NAME = read_text("PRODUCT_NAME", "Kapnet")
CRISIS_LINE = {
    "emergency_number": read_text("CRISIS_EMERGENCY_NUMBER", "911"),
    "call_or_text": read_text("CRISIS_CALL_OR_TEXT", "988"),
    "chat": read_text("CRISIS_CHAT", "988lifeline.org"),
    "hours": read_text("CRISIS_HOURS", "24 hours a day"),
}
FOR_VETERANS = "Veterans: call 988, then press 1, or text 838255."
CRISIS_LINE["more"] = read_text(
    "CRISIS_MORE", FOR_VETERANS if CRISIS_LINE["call_or_text"] == "988" else ""
)
LETTER_PAPER = read_choice("LETTER_PAPER", "letter", "a4")
LETTER_SECONDS = read_number("LETTER_SECONDS", default=30)

# The patient's sheet: who made it and who earns. Whoever rewrites it has to say so again.

SHEET_OWN_MAKER = f"the open-source project {PRODUCT_NAME}"
SHEET_MAKER = read_text("SHEET_MAKER", SHEET_OWN_MAKER)
SHEET_PAID_BY = read_text("SHEET_PAID_BY", "nobody" if SHEET_MAKER == SHEET_OWN_MAKER else "")
SHEET_MAKER_EARNS_FROM = read_list(
    "SHEET_MAKER_EARNS_FROM", "nothing" if SHEET_MAKER == SHEET_OWN_MAKER else "not_stated"
)
SHEET_CLINIC_EARNS_FROM = read_list("SHEET_CLINIC_EARNS_FROM", "not_stated")

# Whose phone numbers need no country code, by the two letters of the country
PHONE_REGION = read_text("PHONE_REGION", "US").upper()

DESK_SEND_WITHIN_DAYS = read_number("DESK_SEND_WITHIN_DAYS", default=2)
DESK_REPLY_WITHIN_DAYS = read_number("DESK_REPLY_WITHIN_DAYS", default=14)
# Answers by the code on a letter: how long it takes any, and how many in all
REPLY_LINK_DAYS = read_number("REPLY_LINK_DAYS", default=180)
REPLIES_A_LETTER = read_number("REPLIES_A_LETTER", default=20)
DESK_EXPORTS_AN_HOUR = read_number("DESK_EXPORTS_AN_HOUR", default=30)
DESK_EXPORTS_KEPT_HOURS = read_number("DESK_EXPORTS_KEPT_HOURS", default=24)

# Of one person: more than a day at a clinic needs, and too little to take a clinic's letters along

LIMITS = {
    "letter.download": read_limits("LETTER_DOWNLOADS", "120/m/user,900/h/user"),
    "letter.draw": read_limits("LETTER_DRAWINGS", "30/m/user"),
    "person.invite": read_limits("INVITATIONS", "60/h/user"),
    "unsaved.keep": read_limits("UNSAVED_PAGES", "60/m/user,600/h/user"),
    "trail.export": read_limits("TRAIL_EXPORTS", "30/h/user"),
    "emergency.search": read_limits("EMERGENCY_SEARCHES", "30/h/user"),
    "emergency.open": read_limits("EMERGENCY_OPENINGS", "10/h/user"),
    "reply.try": read_limits("REPLY_TRIES", "30/m/ip,300/m/key"),
    "ehr.launch": read_limits("EHR_LAUNCHES", "60/m/user"),
    "form.try": read_limits("FORM_TRIES", "30/m/ip,300/m/key"),
}

# How long an answer takes at least where a secret is tried, so that its time tells nothing

SECRET_PAGE_SECONDS = 0 if "pytest" in sys.modules else 0.25

# A patient's own forms by a link: who the first page names, mail, how long it works, from what age

FORM_SENDER = read_text("FORM_SENDER", "Your clinic")
FORM_MAILS = read_truth("FORM_MAILS", default=True)
FORM_LINK_DAYS = read_days("FORM_LINK_DAYS", default=7, most=30)
FORM_LEAST_AGE = read_number("FORM_LEAST_AGE", default=18)

# When managers are told of a safety task that a patient raised by link and nobody has opened

SAFETY_OPENED_WITHIN_HOURS = read_number("SAFETY_OPENED_WITHIN_HOURS", default=24)

# How long a case can be read by somebody who opened it in an emergency
EMERGENCY_MINUTES = read_minutes("EMERGENCY_MINUTES", default=60)

# Checks for retractions over the network: off, and then only of this host, sending DOIs only
RETRACTION_FETCH = read_truth("RETRACTION_FETCH", default=False)
SOURCE_FETCH = read_truth("SOURCE_FETCH", default=False)
CROSSREF_ADDRESS = read_text("CROSSREF_ADDRESS", "https://api.crossref.org")
CROSSREF_HOSTS = read_list("CROSSREF_HOSTS", "api.crossref.org")
PUBMED_ADDRESS = read_text("PUBMED_ADDRESS", "https://eutils.ncbi.nlm.nih.gov")
PUBMED_HOSTS = read_list("PUBMED_HOSTS", "eutils.ncbi.nlm.nih.gov")
# EHRs whose hosts have no public address; a host of this machine may be asked without https
EHR_PRIVATE_HOSTS = read_list("EHR_PRIVATE_HOSTS", "")

TEMPLATES = [
    {
        "BACKEND": "kapnet.core.web.let_go.BriefTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kapnet.core.accounts.context.site",
                "kapnet.context.published",
            ],
        },
    }
]
FORM_RENDERER = "kapnet.core.web.renderer.LedgerRenderer"

# Database and cache

DATABASES = read_databases()
CLINIC_SAID_APART = read_truth("CLINIC_SAID_APART", default=False)
if "standby" in DATABASES:
    DATABASE_ROUTERS = ["kapnet.core.standby.StandbyRouter"]
    MIDDLEWARE = [*MIDDLEWARE, "kapnet.core.standby.NoteWritesMiddleware"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Past this, entries go in the order of their keys: counts of guessed passwords first.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# People and sessions

AUTH_USER_MODEL = "clinics.User"
AUTHENTICATION_BACKENDS = ["kapnet.core.accounts.backends.ClinicBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 10}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "kapnet.core.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_FORMS = {
    "login": "kapnet.core.accounts.forms.SignInForm",
    "reset_password": "kapnet.core.accounts.forms.ForgottenPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
ALLAUTH_TRUSTED_PROXY_COUNT = read_number("TRUSTED_PROXIES", default=0)
MFA_REQUIRED = read_truth("MFA_REQUIRED", default=not DEBUG and "pytest" not in sys.modules)
MFA_ADAPTER = "kapnet.core.accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "kapnet.core.accounts.code_forms.AuthenticateForm",
    "reauthenticate": "kapnet.core.accounts.code_forms.ReauthenticateForm",
    "add_webauthn": "kapnet.core.accounts.passkeys.AddPasskeyForm",
    "authenticate_webauthn": "kapnet.core.accounts.passkeys.PasskeyForm",
    "reauthenticate_webauthn": "kapnet.core.accounts.passkeys.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts come by invitation; their mail was never asked for
SESSION_HOURS = read_number("SESSION_HOURS", default=10)
SESSION_IDLE_MINUTES = read_number("SESSION_IDLE_MINUTES", default=30)
SESSION_ENGINE = "kapnet.core.web.session_store"
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "kapnet.core.web.error_pages.csrf_failure"

# The wire. Secure names and HSTS need HTTPS, which a local demo has not.

HOST_PREFIX = "" if DEBUG else "__Host-"
SESSION_COOKIE_NAME = f"{HOST_PREFIX}session"
CSRF_COOKIE_NAME = f"{HOST_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
# Preloading binds a whole domain for years: whoever owns it decides, not this program.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_SSL_REDIRECT = read_truth("HTTPS_REDIRECT", default=False)

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
MAX_BODY_BYTES = 12 * 1024 * 1024

# Language and time

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = read_time_zone("TIME_ZONE", "America/New_York")
FORMAT_MODULE_PATH = ["kapnet.formats"]

# Files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static" / "collected"
STATICFILES_DIRS = [
    (folder.name, folder)
    for folder in (BASE_DIR / "static" / "build", BASE_DIR / "static" / "src")
    if folder.is_dir()
]
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # the only ones that pages name
TESTING = "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Mail: links to set a password. A local demo prints them; without EMAIL_URL none is sent.

MAIL = "console" if DEBUG else "dummy"
EMAIL_BACKEND = f"django.core.mail.backends.{MAIL}.EmailBackend"
mail_url = "" if DEMO else read_text("EMAIL_URL", "")
SENDS_MAIL = bool(mail_url)
if mail_url:
    vars().update(env.email_url_config(mail_url))
ARCHIVE_CERTIFICATE = read_text("ARCHIVE_CERTIFICATE", "")
ARCHIVE_CERTIFICATE_PASSPHRASE = read_text("ARCHIVE_CERTIFICATE_PASSPHRASE", "")
SITE_ADDRESS = read_text("SITE_ADDRESS", "").rstrip("/")
FORM_MAILS = FORM_MAILS and SENDS_MAIL and bool(SITE_ADDRESS)
DEFAULT_FROM_EMAIL = read_text("MAIL_FROM", "no-reply@localhost")

configure_log()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    # Django's own lines name paths and hosts; kapnet.core.web.request_log does not.
    "loggers": {
        name: {"handlers": ["nowhere"], "propagate": False}
        for name in ("django.request", "django.security", "psycopg.pool")
    },
}
