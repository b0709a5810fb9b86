"""The files that a worker builds from a snapshot."""
