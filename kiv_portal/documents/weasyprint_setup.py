"""What WeasyPrint needs once a process: fetcher, fonts, style sheet. Importing this costs half a second."""

import functools
import io
import logging
import threading
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from PIL import ImageFile
from weasyprint import CSS
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from kiv_portal.documents import hyphenation, tag_repair  # noqa: F401  they wrap their parts before the first document
from kiv_portal.documents.errors import RenderingError
from kiv_portal.documents.fonts import BASE_DIR, FACES

ImageFile.LOAD_TRUNCATED_IMAGES = (
    False  # WeasyPrint allows it for the whole process, also for people's photos
)
# a line for every page would drown the worker's log
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

SHEETS = BASE_DIR / "static" / "css" / "print"
SCHEME = "asset"
OUTPUT_INTENT = "kiv-srgb"


class PackagedFetcher(URLFetcher):
    """Reads `asset:` (our fonts and print styles) and `data:`; anything else ends the rendering."""

    def __init__(self, fonts: Path) -> None:
        super().__init__(allowed_protocols=(SCHEME, "data"), allow_redirects=False, fail_on_errors=True)
        self._folders = {"fonts": fonts, "css": SHEETS}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        if parts.scheme == SCHEME:
            folder, _, name = parts.path.lstrip("/").partition("/")
            if (
                folder in self._folders
                and (path := self._folders[folder] / name).parent == self._folders[folder]
            ):
                return URLFetcherResponse(url, path.read_bytes())
        raise FatalURLFetchingError(url)


class Press:
    """Shared by all documents of a process: every new FontConfiguration would keep memory for good."""

    def __init__(self, font_root: Path) -> None:
        self.fetcher = PackagedFetcher(font_root)
        self.font_config = FontConfiguration()
        missing = [face.file for face in FACES if not (font_root / face.file).is_file()]
        if missing:
            build = "python -m kiv_portal.documents.fonts"
            raise RenderingError(f"Die Schrift {missing[0]} fehlt. Bitte einmal ausführen: {build}")
        self._srgb = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        self._sheets: dict[str, CSS] = {"": self._parse(font_faces())}

    def sheets(self, name: str) -> list[CSS]:
        if name not in self._sheets:
            self._sheets[name] = self._parse((SHEETS / name).read_text())
        return [self._sheets[""], self._sheets[name]]

    def color_profiles(self) -> dict[str, ColorProfile]:
        """WeasyPrint's sRGB profile from memory; left alone it opens the file each time and never closes it."""
        profile = ColorProfile(
            io.BytesIO(self._srgb), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
        )
        return {OUTPUT_INTENT: profile}

    def _parse(self, text: str) -> CSS:
        return CSS(
            string=text, font_config=self.font_config, url_fetcher=self.fetcher, base_url=f"{SCHEME}:///css/"
        )


@functools.cache
def press(font_root: Path) -> Press:
    return Press(font_root)


def font_faces() -> str:
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight};'
        f' src: url("{SCHEME}:///fonts/{face.file}") format("truetype"); }}'
        for face in FACES
    )


class Complaints(logging.Handler):
    """Collects what WeasyPrint only logs: a missing picture or character must not vanish silently."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.records.append(record)

    def fatal(self) -> str | None:
        for record in self.records:
            message = record.getMessage()
            if record.levelno >= logging.ERROR or ".notdef" in message or "Failed to load" in message:
                return message
        return None
