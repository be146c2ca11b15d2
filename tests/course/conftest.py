import pytest

from coursekit import paths

PARAMETERS = '# %% tags=["parameters"]\nprofile = "quick"\nn = 3\n'
EXPECT = """
# %%
import json, os
with open(os.environ.get("COURSEKIT_EXPECT_LOG", os.devnull), "a") as log:
    log.write(json.dumps({"claim": "the loss falls", "holds": n == 3, "numbers": {"loss": 0.25}}) + "\\n")
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one small lecture that needs no TensorFlow, in a folder of its own."""
    (tmp_path / "notebooks" / "source" / "exercises").mkdir(parents=True)
    (tmp_path / "notebooks" / "exercises").mkdir()
    (tmp_path / "notebooks" / "full.yaml").write_text("profile: full\n")
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def write_source(course):
    def write(name, *cells, folder=""):
        path = course / "notebooks" / "source" / folder / f"{name}.py"
        path.write_text("\n".join([PARAMETERS, *(f"# %%\n{cell}\n" for cell in cells)]))
        return path

    return write


@pytest.fixture
def write_lecture(write_source, course):
    """Writes notebooks/NAME.ipynb, not executed; `expect` adds a claim that holds while n is 3."""
    import nbformat

    from coursekit.course.refresh import build

    def write(name, *cells, expect=False):
        source = write_source(name, *cells)
        if expect:
            source.write_text(source.read_text() + EXPECT)
        path = course / "notebooks" / f"{name}.ipynb"
        nbformat.write(build(source), path)
        return path

    return write
