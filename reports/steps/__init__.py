"""A report and its way: planned, written, submitted, returned, approved, delivered."""
