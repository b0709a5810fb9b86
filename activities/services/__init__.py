"""Writes with more than one effect; one file a subject."""
