"""What breaks while people work: real processes, killed."""
