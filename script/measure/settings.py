"""The settings of the app, with one more address: a bare view behind the same middleware."""

from kapnet.settings import *  # noqa: F403

ROOT_URLCONF = "script.measure.urls"

# Not where a server, or tests beside this, look for files.
STATIC_ROOT = BASE_DIR / "static" / "measured"  # noqa: F405
