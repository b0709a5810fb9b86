"""The forms of the log, one file a subject."""
