"""E-mails: how they are written and sent."""
