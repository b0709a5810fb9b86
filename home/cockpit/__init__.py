"""The county's start page: every town as it stands today, the most urgent first."""
