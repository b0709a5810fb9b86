"""What people hand in: capped, checked, made harmless."""
