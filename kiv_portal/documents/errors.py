class RenderingError(Exception):
    """A document could not be made. The message is a German sentence for the person who asked for it."""


class FileRefused(Exception):
    """A file is not what we take. The message is a German sentence for the person who chose it."""
