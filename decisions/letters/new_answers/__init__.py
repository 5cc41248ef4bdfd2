"""Answers that came after the decision of a draft letter, and taking them over."""
