"""Builds the one style sheet, the fonts and the packaged scripts that pages load: `python -m kiv_portal.ui.assets`.

KERN UX is cut down to the parts and icons in use, stands in a cascade layer below our own rules, and loses
the design tokens that nothing refers to. Fira Sans is cut to Latin letters.
"""

import logging
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from kiv_portal.ui.icons import ICONS

ROOT = Path(__file__).resolve().parents[2]
NPM = ROOT / "node_modules"
KERN = NPM / "@kern-ux/native/dist"
OWN = ROOT / "static/css"
OUTPUT = Path(os.environ.get("KIV_ASSET_ROOT", ROOT / "var/assets"))

# the order is the cascade
SHEETS = (
    "fonts",
    "tokens",
    "base",
    "frame",
    "button",
    "form",
    "status",
    "content",
    "finder",
    "figures",
    "photo",
    "privacy",
    "entry",
    "imports",
    "concern",
    "town",
    "easy",
    "report",
    "offline",
    "modes",
)
FACES = ("FiraSans-Regular", "FiraSans-SemiBold")
PARTS = (
    "icon",
    "form-input",
    "form-check",
    "fieldset",
    "label",
    "hint",
    "error",
    "loader",
    "body",
)
# What pages and the service worker load from packages; the order is that of their dependence. A module stands alone.
SCRIPTS = {
    "workbox.js": [
        f"workbox-{part}/build/workbox-{part}.prod.js"
        for part in ("core", "routing", "strategies", "precaching")
    ],
    "idb.js": ["idb/build/index.js"],
    "htmx.js": ["htmx.org/dist/htmx.min.js"],
}
# Latin, with Latin Extended-A for names, capital ß, thin spaces, dashes, quotes, bullet, €, arrows, minus
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    0x1E9E,
    *range(0x2009, 0x200B),
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    *(0x2022, 0x2026, 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122),
    *range(0x2190, 0x2194),
    *(0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
)


class AssetsMissing(Exception):
    """The npm packages are not installed."""


def build_assets(output: Path = OUTPUT) -> bool:
    """Writes portal.css, fonts/ and SCRIPTS below `output`; False if nothing had changed. Raises AssetsMissing."""
    sources = [
        KERN / "kern.css",
        *(KERN / f"fonts/fira-sans/{face}.woff2" for face in FACES),
        *(NPM / name for names in SCRIPTS.values() for name in names),
    ]
    if missing := [path for path in sources if not path.exists()]:
        raise AssetsMissing(f"{missing[0].relative_to(ROOT)} fehlt. Bitte eingeben: npm ci --ignore-scripts")
    code = (Path(__file__), Path(__file__).with_name("icons.py"))
    newest = max(
        path.stat().st_mtime for path in (*sources, *code, *(OWN / f"{name}.css" for name in SHEETS))
    )
    sheet = output / "portal.css"
    if sheet.exists() and sheet.stat().st_mtime > newest:
        return False
    (output / "fonts").mkdir(parents=True, exist_ok=True)
    for face in FACES:
        cut_font(KERN / f"fonts/fira-sans/{face}.woff2", output / f"fonts/{face}.woff2")
    for name in SCRIPTS:
        (output / name).write_text(script(name), encoding="utf-8")
    sheet.write_text(bundle(), encoding="utf-8")
    return True


def script(name: str) -> str:
    """The packages' files in a row, each under the licence of its package."""
    parts = []
    for source in SCRIPTS[name]:
        package = source.partition("/")[0]
        licence = (NPM / package / "LICENSE").read_text(encoding="utf-8").strip().replace("*/", "* /")
        code = (NPM / source).read_text(encoding="utf-8")
        code = re.sub(r"^//# sourceMappingURL=.*$", "", code, flags=re.MULTILINE)
        parts.append(f"/*! {package}\n{licence}\n*/\n{code.strip()}\n")
    return "".join(parts)


def cut_font(source: Path, target: Path) -> None:
    from fontTools import subset  # only the build needs it

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(
        flavor="woff2",
        layout_features=["kern", "liga", "ccmp", "locl", "mark", "tnum", "lnum"],
    )
    with subset.load_font(str(source), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=LETTERS)
        cutter.subset(font)
        subset.save_font(font, str(target), options)


def bundle() -> str:
    own = "\n".join((OWN / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
    own = re.sub(r"/\*.*?\*/\n?", "", own, flags=re.DOTALL)  # remarks are for who reads the sources
    kern = cut_kern((KERN / "kern.css").read_text(encoding="utf-8"))
    return "@layer kern {\n" + drop_unused_tokens(kern, own) + "}\n" + own


def cut_kern(css: str) -> str:
    """KERN's sheet without what we do not use, and without "important", which would beat every layer."""
    import tinycss2

    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(rules)).replace("!important", "")


def _kept(rules: Iterable) -> Iterable[str]:
    import tinycss2

    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword == "media":
            inner = "".join(
                _kept(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
            )
            if inner:
                yield f"@media{tinycss2.serialize(rule.prelude)}{{\n{inner}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword == "keyframes":
            yield rule.serialize() + "\n"
        elif rule.type == "qualified-rule":
            selectors = [part.strip() for part in re.split(r",(?![^(]*\))", tinycss2.serialize(rule.prelude))]
            if kept := [part for part in selectors if _is_used(part)]:
                yield f"{', '.join(kept)} {{{_tidy(tinycss2.serialize(rule.content))}}}\n"


def _is_used(selector: str) -> bool:
    if selector.startswith((":root", ":is(body")):
        return True
    classes = re.findall(r"\.kern-([a-z0-9-]+(?:__[a-z-]+)?(?:--[a-z0-9-]+)?)", selector)
    return bool(classes) and all(_is_used_class(name) for name in classes)


def _is_used_class(name: str) -> bool:
    part, _, variant = name.partition("--")
    if part == "icon" and variant:
        return variant in ICONS or variant in ("small", "default", "large")
    return part.split("__")[0] in PARTS


def _tidy(declarations: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", declarations, flags=re.DOTALL)
    # every browser that knows cascade layers knows the unprefixed mask
    lines = (line.strip() for line in without_comments.split("\n"))
    return "".join(line for line in lines if line and not line.startswith("-webkit-mask"))


def drop_unused_tokens(kern: str, own: str) -> str:
    """Removes custom properties that nothing refers to, again and again, until all that are left are used."""
    while True:
        used = set(re.findall(r"var\(\s*(--[\w-]+)", kern + own))
        defined = set(re.findall(r"(--kern-[\w-]+)\s*:", kern))
        unused = defined - used
        if not unused:
            return re.sub(r"[^{}]+\{\s*\}\n", "", re.sub(r"  +", " ", kern))
        pattern = "|".join(sorted(map(re.escape, unused), key=len, reverse=True))
        kern = re.sub(
            rf"(?<![\w(-])(?:{pattern})\s*:(?:[^;{{}}()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*;",
            "",
            kern,
        )


def main() -> int:
    try:
        changed = build_assets()
    except AssetsMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    size = (OUTPUT / "portal.css").stat().st_size
    sys.stdout.write(
        f"{OUTPUT.name}: {'gebaut' if changed else 'unverändert'}, portal.css {size / 1000:.0f} kB\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
