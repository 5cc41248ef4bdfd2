"""Dates and times as every page writes them: 23 November 2026, 14:02. Data says 2026-11-23."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
