"""E-mails about a report, one row each."""
