"""The pages of the report, one file a subject; urls.py is their list."""
