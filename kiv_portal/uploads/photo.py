"""Photos that people bring along: read with care, turned upright, made smaller, and written anew without metadata."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, UnidentifiedImageError

from kiv_portal.documents.errors import FileRefused

MAX_BYTES = 15 * 1024 * 1024
MAX_SIDE = 20_000  # pixels
MAX_PIXELS = 52_000_000  # the largest sensors of phones have 50 million
MAX_PIXELS_IN_MEMORY = 26_000_000  # where the whole picture must be held before it can be made smaller
LONGER_SIDE = 2_400
PREVIEW_SIDE = 480
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY = 82
ORIENTATION = 0x0112  # EXIF
UPRIGHT = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}

TOO_HEAVY = "Dieses Foto ist größer als 15 Megabyte. Bitte wählen Sie eine kleinere Fassung."
TOO_LARGE = (
    "Dieses Foto hat {width} mal {height} Bildpunkte, das ist zu viel. "
    "Bitte verkleinern Sie es auf höchstens 5.000 mal 5.000 Bildpunkte."
)
FAR_TOO_LARGE = "Dieses Foto hat zu viele Bildpunkte. Bitte verkleinern Sie es auf höchstens 5.000 mal 5.000."
EMPTY = "Diese Datei ist leer. Bitte wählen Sie das Foto noch einmal."
DAMAGED = "Dieses Foto ist beschädigt oder nicht ganz angekommen. Bitte wählen Sie es noch einmal."
MOVING = "Dieses Bild bewegt sich. Bitte wählen Sie ein Foto, das stillsteht."
IS_PDF = "Diese Datei ist ein PDF, kein Foto. Bitte wählen Sie ein Foto als JPEG, PNG, WebP oder HEIC."
IS_DRAWING = "Diese Datei ist eine Zeichnung (SVG), kein Foto. Bitte wählen Sie ein Foto als JPEG, PNG, WebP oder HEIC."
NO_PHOTO = "Diese Datei ist kein Foto, das wir lesen können. Bitte wählen Sie ein Foto als JPEG, PNG, WebP oder HEIC."

pillow_heif.register_heif_opener()
# A picture costs up to 350 MB while it is read: one after the other in each process.
_one_at_a_time = threading.Lock()


class PhotoRefused(FileRefused):
    """The file is no photo we take."""


@dataclass(frozen=True)
class ReadPhoto:
    """Two JPEG files without metadata; width and height are those of `image`, in pixels."""

    image: bytes
    preview: bytes
    width: int
    height: int


def read_photo(data: bytes) -> ReadPhoto:
    """A JPEG, PNG, WebP or HEIC of at most 15 MB, known by its content. Raises PhotoRefused."""
    if not data:
        raise PhotoRefused(EMPTY)
    if len(data) > MAX_BYTES:
        raise PhotoRefused(TOO_HEAVY)
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # broken metadata: it goes away anyhow
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with _opened(data) as photo:
                small = _upright(_small(photo), photo)
            return _written(_with_plain_colours(small, photo.info.get("icc_profile")))
        except PhotoRefused:
            raise
        except Exception as error:  # decoders raise a dozen kinds for broken files
            raise PhotoRefused(DAMAGED) from error


def _opened(data: bytes) -> Image.Image:
    """Only the head is read here: what is too large is refused before anything is decoded."""
    try:
        photo = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefused(FAR_TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise PhotoRefused(_what_it_is(data)) from error
    if photo.format in ("PNG", "WEBP") and getattr(photo, "n_frames", 1) > 1:
        raise PhotoRefused(MOVING)
    width, height = photo.size
    if max(width, height) > MAX_SIDE or width * height > _most_pixels(photo):
        raise PhotoRefused(TOO_LARGE.format(width=_thousands(width), height=_thousands(height)))
    return photo


def _most_pixels(photo: Image.Image) -> int:
    """A plain JPEG can be made smaller while it is read, everything else cannot."""
    is_read_in_lines = photo.format in ("JPEG", "MPO") and not photo.info.get("progressive")
    return MAX_PIXELS if is_read_in_lines or photo.format == "HEIF" else MAX_PIXELS_IN_MEMORY


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _what_it_is(data: bytes) -> str:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf-"):
        return IS_PDF
    if b"<svg" in start:
        return IS_DRAWING
    if start.startswith(b"gif8"):
        return MOVING
    is_known = start.startswith((b"\xff\xd8\xff", b"\x89png", b"riff")) or start[4:8] == b"ftyp"
    return DAMAGED if is_known and b"avif" not in start[:32] else NO_PHOTO


def _small(photo: Image.Image) -> Image.Image:
    photo.thumbnail((LONGER_SIDE, LONGER_SIDE), reducing_gap=2.0)
    photo.load()
    return photo


def _upright(small: Image.Image, photo: Image.Image) -> Image.Image:
    for step in UPRIGHT.get(_orientation(photo), ()):
        small = small.transpose(step)
    return small


def _orientation(photo: Image.Image) -> int:
    """1 where the metadata is broken: that is no reason to refuse a photo."""
    try:
        return int(photo.getexif().get(ORIENTATION, 1))
    except Exception:  # the reader of EXIF raises many kinds, too
        return 1


def _with_plain_colours(photo: Image.Image, profile: bytes | None) -> Image.Image:
    """sRGB without a profile, on white where it was transparent."""
    if photo.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in photo.info:
        photo = photo.convert("RGBA")
        paper = Image.new("RGBA", photo.size, "white")
        return Image.alpha_composite(paper, photo).convert("RGB")
    if profile and photo.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                photo, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the colours as they are
        else:
            return converted or photo.convert("RGB")
    if photo.mode.startswith("I"):  # 16 bits a pixel
        photo = photo.point(lambda value: value / 256).convert("L")
    return photo.convert("RGB")


def turned(jpeg: bytes, *, clockwise: bool) -> ReadPhoto:
    """A stored photo, a quarter further."""
    step = Image.Transpose.ROTATE_270 if clockwise else Image.Transpose.ROTATE_90
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        return _written(photo.transpose(step))


def for_paper(jpeg: bytes, *, longer_side: int, quality: int) -> tuple[bytes, int, int]:
    """A stored photo, at most `longer_side` pixels long, with its width and height. The same photo, the same bytes."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        photo.thumbnail((longer_side, longer_side), reducing_gap=2.0)
        return _jpeg(photo.convert("RGB"), quality), photo.width, photo.height


def _written(photo: Image.Image) -> ReadPhoto:
    preview = photo.copy()
    preview.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return ReadPhoto(_jpeg(photo), _jpeg(preview), photo.width, photo.height)


def _jpeg(photo: Image.Image, quality: int = QUALITY) -> bytes:
    """From the bare pixels, so that nothing of the old file comes along."""
    bare = Image.new("RGB", photo.size)
    bare.paste(photo)
    buffer = io.BytesIO()
    bare.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
