"""The plan of days of a case: stored, drawn, exported, printed."""
