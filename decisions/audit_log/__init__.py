"""The audit log of a clinic, with the numbers of its cases: read it, search it, take it along."""
