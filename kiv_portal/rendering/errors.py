class RenderingError(Exception):
    """A document could not be made. The message is a German sentence for the person who asked for it."""
