"""The annex of the letter: every fact behind the request."""
