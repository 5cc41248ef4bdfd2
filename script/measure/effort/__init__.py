"""What the ways to the answer and to a signed letter cost a person."""
