"""Mediators, their appointments, and who helps them."""
