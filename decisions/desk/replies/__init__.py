"""Replies that the recipient of a letter sends by the code on it, without an account."""
