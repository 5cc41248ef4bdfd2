"""The entry point of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

gc.disable()  # nearly all that is made until the server is ready stays, and is no garbage
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapnet.settings")
django = get_wsgi_application()

from decisions.pdf.render import warm_up_soon  # noqa: E402, settings come first
from kapnet.core.large_stack import on_a_large_stack  # noqa: E402
from kapnet.core.web.let_go import with_brief_requests  # noqa: E402
from kapnet.core.web.plain_requests import in_utf_8  # noqa: E402
from kapnet.ready import stop_unless_ready  # noqa: E402

application = on_a_large_stack(in_utf_8(with_brief_requests(django)))
stop_unless_ready()
os.register_at_fork(after_in_child=warm_up_soon)
gc.freeze()  # forked workers share it, and never search it again
gc.set_threshold(10_000, 20, 50)  # often and briefly: a collection stops all threads
gc.enable()
