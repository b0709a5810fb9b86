"""Photos are judged by their content, and nothing but the pixels stays."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from kiv_portal.uploads.photo import (
    DAMAGED,
    EMPTY,
    FAR_TOO_LARGE,
    IS_DRAWING,
    IS_PDF,
    MOVING,
    NO_PHOTO,
    TOO_HEAVY,
    PhotoRefused,
    ReadPhoto,
    read_photo,
)


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def empty_png(width: int, height: int) -> bytes:
    """A PNG that only says how large it is."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_format_becomes_a_jpeg(kind):
    photo = read_photo(saved(picture(), kind))
    image = opened(photo.image)
    assert (image.format, image.size, photo.width, photo.height) == ("JPEG", (60, 40), 60, 40)
    red, _, blue = image.getpixel((10, 20))
    assert (red > 200, blue < 60) == (True, True)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16"])
def test_every_colour_mode_is_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("I;16", (60, 40), 40_000) if mode == "I;16" else picture(mode=mode)
    assert opened(read_photo(saved(image, kind)).image).mode == "RGB"


def test_transparency_becomes_white():
    image = opened(read_photo(saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")).image)
    assert image.getpixel((4, 4)) == (255, 255, 255)


def test_a_large_photo_is_made_smaller_and_gets_a_preview():
    photo = read_photo(saved(picture(6000, 3000)))
    assert (photo.width, photo.height) == (2400, 1200)
    assert opened(photo.preview).size == (480, 240)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (60, 40), (5, 20)),
        (2, (60, 40), (55, 20)),
        (3, (60, 40), (55, 20)),
        (4, (60, 40), (5, 20)),
        (5, (40, 60), (20, 5)),
        (6, (40, 60), (20, 5)),
        (7, (40, 60), (20, 55)),
        (8, (40, 60), (20, 55)),
    ],
)
def test_the_photo_is_upright(orientation, size, red_at):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = opened(read_photo(saved(picture(), exif=exif)).image)
    assert (image.size, image.getpixel(red_at)[0] > 200) == (size, True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_place_camera_and_comments_are_gone(kind):
    exif = Image.Exif()
    exif[0x010F] = "GEHEIME-KAMERA"
    exif.get_ifd(0x8825)[2] = (48.0, 48.0, 5.0)
    exif.get_ifd(0x8825)[29] = "2022:03:01"
    data = saved(picture(), kind, exif=exif, xmp=b"<x>GEHEIMER-ORT</x>")
    assert b"GEHEIME-KAMERA" in data  # there is something that could leak
    photo = read_photo(data)
    for written in (photo.image, photo.preview):
        assert dict(opened(written).getexif()) == {}
        assert set(opened(written).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"GEHEIM" not in written


def test_a_foreign_colour_profile_is_applied_and_a_broken_one_ignored():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for given in (profile, b"broken"):
        image = opened(read_photo(saved(picture(), icc_profile=given)).image)
        assert ("icc_profile" in image.info, image.getpixel((5, 20))[0] > 200) == (False, True)


def test_broken_metadata_is_no_reason_to_refuse():
    assert read_photo(saved(picture(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).width == 60


def test_two_pictures_in_one_file_as_new_phones_write_them():
    data = saved(picture(), "MPO", save_all=True, append_images=[picture(30, 20)])
    assert read_photo(data).width == 60


ANIMATION = {"save_all": True, "append_images": [Image.new("RGB", (60, 40), "green")], "duration": 100}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", EMPTY),
        (b"\0" * (15 * 1024 * 1024 + 1), TOO_HEAVY),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", IS_PDF),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', IS_DRAWING),
        (b"\xef\xbb\xbf <SVG onload='alert(1)'/>", IS_DRAWING),
        (b"<html><body>Hallo</body></html>", NO_PHOTO),
        (b"PK\x03\x04 a word document", NO_PHOTO),
        (b"just text", NO_PHOTO),
        (saved(picture(), "GIF"), MOVING),
        (saved(picture(), "TIFF"), NO_PHOTO),
        (saved(picture(), "BMP"), NO_PHOTO),
        (saved(picture(), "AVIF"), NO_PHOTO),
        (saved(picture(), "PNG", **ANIMATION), MOVING),
        (saved(picture(), "WEBP", **ANIMATION), MOVING),
        (saved(picture(600, 400))[:900], DAMAGED),
        (saved(picture(600, 400), "PNG")[:-600], DAMAGED),
        (saved(picture(600, 400), "WEBP")[:-60], DAMAGED),
        (saved(picture(600, 400), "HEIF")[:-400], DAMAGED),
        (b"\xff\xd8\xff\xe0 no more than a beginning", DAMAGED),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", DAMAGED),
        (empty_png(100, 100), DAMAGED),
        (empty_png(60_000, 60_000), FAR_TOO_LARGE),
    ],
)
def test_what_is_no_photo_gets_a_sentence(data, sentence):
    with pytest.raises(PhotoRefused) as refused:
        read_photo(data)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(("width", "height"), [(30_000, 1), (1, 30_000), (9_000, 8_000), (6_000, 5_000)])
def test_too_many_pixels_are_named_before_anything_is_decoded(width, height):
    with pytest.raises(PhotoRefused, match="Bildpunkte, das ist zu viel"):
        read_photo(empty_png(width, height))


def test_a_wide_strip_keeps_at_least_one_pixel():
    photo = read_photo(saved(picture(12_000, 2), "PNG"))
    assert isinstance(photo, ReadPhoto)
    assert (photo.width, photo.height) == (2400, 1)
