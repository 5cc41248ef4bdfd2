"""Questionnaires of FHIR R4 out of editions and instruments. Pure: values in, dicts out."""
