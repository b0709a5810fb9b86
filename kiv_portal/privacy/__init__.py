"""The guard that asks when a text could name a person."""
