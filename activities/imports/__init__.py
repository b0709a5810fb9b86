"""Spreadsheets that people open_import along, read into the log."""
