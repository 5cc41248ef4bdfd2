"""Whatever may be sent, sent: nothing may break, hang or grow."""
