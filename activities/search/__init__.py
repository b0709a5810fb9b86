"""Lists of the log: filters, saved filters, pages, files."""
