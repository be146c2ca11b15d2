from cells import TRAINING
from lab import IDLE, run_all

WATCH = """() => {
  window.seen = [];
  setInterval(() => {
    const pictures = [...document.querySelectorAll(".jp-OutputArea-output img")].map(image => image.src);
    if (pictures.join() !== window.seen.at(-1)?.join()) window.seen.push(pictures);
  }, 20);
}"""


def test_the_picture_changes_during_training_and_one_stays(open_in_lab, new_notebook):
    page = open_in_lab(new_notebook("", TRAINING), "tiny.ipynb")
    page.evaluate(WATCH)
    run_all(page)
    page.wait_for_function("window.seen.length >= 4", timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)
    page.wait_for_timeout(300)

    seen = page.evaluate("window.seen")
    assert max(map(len, seen)) == 1, "never two pictures"
    assert [] not in seen[1:], "it never vanishes between two redraws"
    assert len({pictures[0] for pictures in seen if pictures}) >= 4, "before, at least two during, and after"
    assert page.locator(".jp-OutputArea-output").count() == 1
    picture = page.locator(".jp-OutputArea-output img")
    assert picture.evaluate("image => image.naturalWidth") > 1000, "the last one is sharp"
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.trouble == []
