"""Photos and documents of an entry or a concern."""
