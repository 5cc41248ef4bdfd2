"""Signing a letter: what is confirmed, and what is stored."""
