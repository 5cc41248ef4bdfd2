"""Copies in plain text, of a decision or of a signed letter, for any record."""
