"""An entry of the log, its correction and its follow-up."""
