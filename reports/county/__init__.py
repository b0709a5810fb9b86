"""The county looks at all its reports, and writes one of its own."""
