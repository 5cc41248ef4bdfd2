"""What other systems say of a patient: kept as they said it, proposed, and taken over by people."""
