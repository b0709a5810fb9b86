from reports.writing.models import ReportSection


class ReportNotEditable(Exception):
    """The report left the state that the step needs; the message is a German sentence for the person."""


class SectionChanged(Exception):
    """Somebody else saved the section since it was opened. `.current` is what stands there now."""

    def __init__(self, current: ReportSection) -> None:
        super().__init__("Der Abschnitt wurde inzwischen geändert.")
        self.current = current
