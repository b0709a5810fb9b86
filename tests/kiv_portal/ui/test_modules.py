import posixpath
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import storage as static_storage
from django.core.files.storage import FileSystemStorage
from django.template import Context, Template

from kiv_portal.ui.modules import ModuleStaticFilesStorage, imports_of

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = sorted(path.relative_to(ROOT / "static").as_posix() for path in (ROOT / "static/js").rglob("*.js"))
ANY_IMPORT = re.compile(r"""(?:\bfrom|^import|\bimport\()\s*["'](\.[^"']+)["']\)?;""", re.MULTILINE)
# static_storage.staticfiles_storage is never a name of this module: pytest looks at every name, which would read the
# manifest before it is written.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sources = tmp_path / "sources"
    (sources / "inner").mkdir(parents=True)
    (sources / "words.js").write_text("export const word = 'eins';\n")
    (sources / "effect.js").write_text("document.title = 'x';\n")
    (sources / "page.js").write_text(
        'import {\n  word,\n} from "./words.js";\nimport "./effect.js";\nimport { more } from "./inner/more.js";\n'
        'const later = () => import("./inner/more.js");\n'
    )
    (sources / "inner/more.js").write_text(
        'import * as words from "../words.js";\nexport const more = words.word;\n'
    )
    return sources


def stored(sources: Path) -> dict[str, str]:
    """The text of each file as it is stored, by its own name, which all others must know."""
    target = sources.with_name("stored")
    shutil.copytree(sources, target, dirs_exist_ok=True)
    storage = ModuleStaticFilesStorage(location=target, base_url="/static/")
    names = [path.relative_to(sources).as_posix() for path in sources.rglob("*.js")]
    for outcome in storage.post_process({name: (FileSystemStorage(sources), name) for name in names}):
        assert not isinstance(outcome[2], Exception), outcome
    return {storage.stored_name(name): (target / storage.stored_name(name)).read_text() for name in names}


def test_every_way_to_import_leads_to_the_hashed_file(folder: Path) -> None:
    files = stored(folder)
    seen = set()
    for name, text in files.items():
        found = [
            posixpath.normpath(posixpath.join(posixpath.dirname(name), a)) for a in ANY_IMPORT.findall(text)
        ]
        assert set(found) <= set(files), text
        seen.update(found)
    page = next(text for name, text in files.items() if name.startswith("page."))
    assert len(ANY_IMPORT.findall(page)) == 4
    assert {name.split(".")[0] for name in seen} == {"words", "effect", "inner/more"}


def test_a_changed_module_changes_the_name_of_all_that_import_it(folder: Path) -> None:
    before = set(stored(folder))
    (folder / "words.js").write_text("export const word = 'zwei';\n")
    kept = before & set(stored(folder))
    assert {name.split(".")[0] for name in kept} == {"effect"}


@pytest.mark.parametrize("script", [name for name in SCRIPTS if not name.endswith("/worker.js")])
def test_a_collected_module_finds_what_it_imports(collected_static: None, script: str) -> None:
    root = Path(settings.STATIC_ROOT)
    name = static_storage.staticfiles_storage.stored_name(script)
    text = (root / name).read_text()
    wanted = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), a)) for a in ANY_IMPORT.findall(text)
    }
    assert [file for file in wanted if not (root / file).exists()] == []
    direct = {static_storage.staticfiles_storage.stored_name(file) for file in imports_of(script)}
    assert wanted <= direct, "modulepreload and the kept page would miss one"


def test_what_a_module_imports_is_asked_for_at_once(collected_static: None) -> None:
    html = Template("{% load ui %}{% modules 'js/paste.js' 'js/easy-language.js' %}").render(Context())
    links = re.findall(r'<link rel="modulepreload" href="([^"]+)">', html)
    scripts = re.findall(r'<script src="([^"]+)" type="module"></script>', html)
    url = static_storage.staticfiles_storage.url
    assert links == [url(f"js/{name}.js") for name in ("dom", "pasted-text", "places")]
    assert scripts == [url("js/paste.js"), url("js/easy-language.js")]


def test_a_missing_module_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"js/nothing\.js"):
        imports_of("js/nothing.js")


def test_no_template_loads_a_script_of_ours_in_another_way() -> None:
    others = {
        match
        for path in (ROOT / "templates").rglob("*.html")
        for match in re.findall(r"<script\b[^>]*\bsrc=[^>]*>", path.read_text(encoding="utf-8"))
    }
    assert others == {"""<script src="{% static 'build/htmx.js' %}" defer>"""}
