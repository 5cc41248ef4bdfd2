"""The guide: the question that therapists ask in general, answered from the evidence in force."""
