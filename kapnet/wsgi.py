"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapnet.settings")
django = get_wsgi_application()

from kapnet.plain_requests import in_utf_8  # noqa: E402, settings come first
from kapnet.ready import stop_unless_ready  # noqa: E402

application = in_utf_8(django)
stop_unless_ready()
