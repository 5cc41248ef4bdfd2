"""The evidence for programs, in FHIR R5: open to everybody, read-only."""
