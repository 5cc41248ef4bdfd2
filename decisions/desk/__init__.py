"""The desk: where each signed letter is, and how it leaves."""
