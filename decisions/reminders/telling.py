"""How it is told that something is due: by mail, which names no patient."""

from __future__ import annotations

from kapnet.core.notices.telling import Telling, told

REMINDED = "follow_up.reminded"

told(REMINDED, Telling(subject="something is due", mail="reminders/mail.txt"))
