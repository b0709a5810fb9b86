"""Concerns: what is reported, checked, promised, and done or refused."""
