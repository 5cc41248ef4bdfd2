"""The settings of the app, with two more addresses: a bare view, and a page of Django alone."""

from kapnet.settings import *  # noqa: F403

ROOT_URLCONF = "script.measure.urls"

# Not where a server, or tests beside this, look for files.
STATIC_ROOT = BASE_DIR / "static" / "measured"  # noqa: F405
# Named by their hashes as on a server, and not pressed three times smaller: nobody asks for them.
STORAGES["staticfiles"]["BACKEND"] = (  # noqa: F405
    "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
)

MIDDLEWARE = ["script.measure.reference.reference_first", *MIDDLEWARE]  # noqa: F405
