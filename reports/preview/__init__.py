"""The report as a PDF while it is written: marked as a draft, kept for a day, never an edition."""
