import base64
import io
import re

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageDraw

from coursekit.course.front_page import Lecture, levels, read, write

OPENING = """# Adversaries

**You will be able to**

- say what a critic is;
- read Algorithm 1 as code, and type
  it;
- measure samples.

You need [lecture 5](03_ae.ipynb), [lecture 6](04_vae.ipynb#the-objective) for comparison, and the appendix on
[gradients](90_gradients.ipynb) if "whose weights move?" is no clear question. About 75
minutes to read and play; see [lecture 10](07_dcgan.ipynb)."""


def drawing(width, ink):
    image = Image.new("RGB", (width, 60), "white")
    ImageDraw.Draw(image).rectangle(ink, fill="navy")
    file = io.BytesIO()
    image.save(file, "PNG")
    return new_output("display_data", {"image/png": base64.b64encode(file.getvalue()).decode()})


def test_a_lecture_is_read_from_its_opening_and_its_chosen_picture():
    cells = [new_markdown_cell(OPENING), new_code_cell("a", outputs=[drawing(50, (0, 0, 49, 59))])]
    cells.append(new_code_cell("b", outputs=[drawing(90, (20, 10, 49, 29))], metadata={"tags": ["figure", "front"]}))
    lecture = read("06_game", "Adversaries", new_notebook(cells=cells))
    assert lecture.minutes == 75
    assert lecture.needs == {"03_ae": False, "04_vae": True, "90_gradients": True}
    assert lecture.built == "read Algorithm 1 as code, and type it"
    assert Image.open(io.BytesIO(lecture.picture)).size == (30, 20), "the white margin is cut off, and nothing else"
    assert lecture.short.split() == ["Lecture", "6"]


def test_an_opening_may_say_nothing():
    lecture = read("00_start", "Start", new_notebook(cells=[new_markdown_cell("# Start\n\nYou need nothing.")]))
    assert lecture == Lecture("00_start", "Start")


COURSE = [
    Lecture("00_start", "Start"),
    Lecture("01_overview", "Overview", 60, {"00_start": False}),
    Lecture("03_ae", "Autoencoders", 60, {"00_start": False}),
    Lecture("04_vae", "VAE", 75, {"03_ae": False, "00_start": False}),
    Lecture("06_game", "GAN & Co", 75, {"04_vae": True, "90_gradients": True}, "build a pair"),
    Lecture("08_both", "Both", 75, {"03_ae": False, "06_game": False}),
    Lecture("90_gradients", "Appendix: gradients", 30),
]


def test_each_lecture_stands_below_what_it_needs():
    rows = [[lecture.stem for lecture in row] for row in levels(COURSE)]
    assert rows == [["00_start"], ["01_overview", "03_ae"], ["04_vae", "90_gradients"], ["06_game"], ["08_both"]]
    circle = [Lecture("01_a", "A", needs={"02_b": False}), Lecture("02_b", "B", needs={"01_a": False})]
    assert sorted(lecture.stem for row in levels(circle) for lecture in row) == ["01_a", "02_b"]


def test_the_page_has_a_card_a_lecture_and_arrows_that_touch_no_other(tmp_path):
    page = write(COURSE, ["03_ae"], tmp_path)
    assert re.findall(r'class="course-card[^"]*" href="([^"]+)', page) == [
        f"{lecture.stem}.html" for row in levels(COURSE) for lecture in row
    ]
    assert "7 lectures, about 6 hours" in page
    assert "GAN &amp; Co" in page
    assert "- build a pair ([6](06_game.ipynb))." in page
    assert "exercises/03_ae" in page
    contents = page[page.index(":caption: Lectures") :]
    assert re.search(r"^3 · .+ <03_ae>$", contents, re.MULTILINE), "in the contents lectures have their numbers"
    assert re.search(r"^90_gradients$", contents, re.MULTILINE)
    assert page.count('class="helps"') == 2, "dashed: what only helps"
    # 00 -> 04 is left out: one comes by way of 03. 03 -> 08 passes two rows, beside their cards.
    assert len(re.findall(r'd="M\S+ 0C', page)) == 2 + 1 + 2 + 1 + 3
    assert re.findall(r'd="M(\d) 0V1"', page) == ["2", "1"]
    assert "\n\n" not in page[page.index("```{raw}") : page.index("</div>")], "an empty line would end the HTML"
