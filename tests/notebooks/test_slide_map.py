"""The map in 00_start_here covers every slide of the deck, and points to sections that exist."""

import re
from pathlib import Path

import pytest

from coursekit import paths

SOURCE = paths.notebooks() / "source"
DECK = dict(
    line.split(" ", 1) for line in (Path(__file__).parent / "deck.txt").read_text(encoding="utf-8").splitlines()
)
ROW = re.compile(r"^# \| (\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = {
    number: (title, where)
    for number, title, where in ROW.findall((SOURCE / "00_start_here.py").read_text(encoding="utf-8"))
}


def test_every_slide_is_on_the_map_under_its_title():
    assert {number: title for number, (title, _) in ROWS.items()} == DECK


@pytest.mark.parametrize("number", DECK)
def test_where_a_slide_is_taught_exists(number):
    where = ROWS[number][1]
    if planned := re.fullmatch(r"lecture (\d\d), in preparation", where):
        written = list(SOURCE.glob(f"{planned[1]}_*.py"))
        assert not written, f"slide {number}: {written[0].name} is written; name its section"
        return
    section, notebook = re.fullmatch(r"\[(.+)\]\((\d\d_\w+)\.ipynb\)", where).groups()
    headings = re.findall(r"^# #+ (.+)$", (SOURCE / f"{notebook}.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert section in headings
