"""Links, questions, the decision, and what the public may read."""
