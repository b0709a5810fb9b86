"""What the files of the county say, from a snapshot alone: no database, no request."""
