"""The same content gives the same ZIP file: what DOCX and ODT are."""

import datetime
import io
import zipfile


def noon(day: str) -> datetime.datetime:
    """An ISO day as a moment; documents want one, and no clock is asked."""
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12))


def with_fixed_dates(data: bytes, *, dated: str, first: str) -> bytes:
    """The files in one order and with one date (an ISO day, from 1980 on), `first` before all others and, as ODF
    wants it for its type, not compressed.
    """
    moment = noon(dated).timetuple()[:6]
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
        names = sorted({info.filename for info in old.infolist()}, key=lambda name: (name != first, name))
        for name in names:
            if name.endswith("/"):
                continue
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info.create_system = 3  # or the file would tell the system that wrote it
            info.external_attr = 0o644 << 16
            new.writestr(info, old.read(name))
    return written.getvalue()
