"""The agreement between a town and its county."""
