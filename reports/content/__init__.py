"""What the files of a report say, from a snapshot alone: no database, no request."""
