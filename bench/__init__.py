"""What `make bench` runs: it measures and prints tables; nothing here is a test, and nothing else imports it."""
