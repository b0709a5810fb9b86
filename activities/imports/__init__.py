"""Spreadsheets that people bring along, read into the log."""
