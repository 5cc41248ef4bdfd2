"""A case as R4 resources: the mapping, reads and searches, and the desk as Tasks."""
