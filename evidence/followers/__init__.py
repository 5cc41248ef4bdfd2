"""Following the releases of the evidence: by feed, and by mail for those who asked for it."""
