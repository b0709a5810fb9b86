"""What a council has and what was wrong with it: a new edition, or a delivery that is withdrawn."""
