"""One definition of every sum over the log."""
