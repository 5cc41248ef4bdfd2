"""Therapists and managers are told which program may take everything along."""
