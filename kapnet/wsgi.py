"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapnet.settings")
application = get_wsgi_application()

from kapnet.ready import stop_unless_ready  # noqa: E402, settings come first

stop_unless_ready()
