"""Texts, photos and remarks of a report, while people write."""
