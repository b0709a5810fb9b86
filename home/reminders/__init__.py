"""E-mails to mediators about their own work: what they wanted to look after, and what the week brings. One row each."""
