"""What a letter is held against: answers, rows, and the plan of today."""
