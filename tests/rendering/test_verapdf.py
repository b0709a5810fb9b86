"""veraPDF, the reference implementation, judges every kind of year against both standards."""

import pikepdf

from tests.verapdf import runner


def test_every_edition_is_accessible_and_fit_for_the_archive(built, editions, tmp_path):
    files = []
    for name, report in built.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(report.pdf)

    for year in ("normal", "nasty"):
        for kind in ("pdf", "summary", "easy"):
            files.append(tmp_path / f"{year}-{kind}.pdf")
            files[-1].write_bytes(editions[year, kind].data)

    broken = runner.validate(files, ("ua1", "3a"))

    assert len(broken) == 20
    assert {key: rules for key, rules in broken.items() if rules} == {}


def test_the_judge_sees_a_bad_file(tmp_path):
    bad = tmp_path / "bad.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(bad)

    assert all(rules for rules in runner.validate([bad]).values())
