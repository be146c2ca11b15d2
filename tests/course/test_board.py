import json
import re

import pytest

from coursekit import paths
from coursekit.course import CourseError, board


def test_every_row_of_ours_is_what_was_recorded():
    rows = board.rows()
    by_system = {row.system: row for row in rows}
    recorded = json.loads((paths.data() / "results" / "rotnet-cifar10.json").read_text())
    error = 100 - 100 * recorded["metrics"]["conv2_100"]["mean"]
    row = by_system["RotNet, 100 labels a class"]
    assert row.ours == f"{error:.1f} (one run)"
    assert row.command == recorded["command"]
    assert row.seconds == f"{recorded['runs'][0]['seconds']:,.0f}"
    assert "±" in by_system["GAN of maxout layers"].ours
    text, page = board.as_text(rows, sources=True), board.as_page(rows)
    for row in rows:
        assert row.printed in text
        assert row.ours in page
    assert "not looked up" in text, "what nobody has compared with the paper says so"


def test_every_row_names_the_lecture_that_speaks_of_it():
    """Lectures get other numbers now and then; a figure that the board holds stands in the lecture that it names."""
    rows = board.rows()
    for lecture in {row.lecture for row in rows}:
        text = (paths.notebooks() / "source" / f"{lecture}.py").read_text(encoding="utf-8")
        figures = [re.search(r"\d+(\.\d+)?", row.printed)[0] for row in rows if row.lecture == lecture]
        assert any(figure in text for figure in figures), (lecture, figures)


def test_a_row_without_its_measurement_is_named(tmp_path, monkeypatch):
    (row,) = [
        row for row in json.loads((paths.data() / "published.json").read_text())["rows"] if row["data"] == "MNIST"
    ][:1]
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "published.json").write_text(json.dumps({"rows": [row]}))
    with pytest.raises(CourseError, match=r"Expected runs.simple.test_bce in data/results/autoencoders.json"):
        board.rows()
