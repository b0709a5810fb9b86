"""What waits for whom: one list over all states, read by start pages, navigation, calendar and e-mails."""
