"""The pages of the log, one file a subject; urls.py is their list."""
