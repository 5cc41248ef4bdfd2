"""The editions of the rules for programs, in FHIR R5: to be read, and not to be executed."""
