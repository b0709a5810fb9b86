"""What a report counts, and how it is frozen."""
