import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from coursekit import paths
from coursekit.course.normalize import WIDGET_VIEW, WIDGETS, add_ids, normalize, problems


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


@pytest.fixture
def good():
    notebook = new_notebook(cells=[new_code_cell("n = 3", execution_count=1, metadata={"tags": ["parameters"]})])
    notebook.cells.append(new_code_cell("print(n)", execution_count=2, outputs=[stream("3\n")]))
    return notebook


def widget(name, **state):
    return {"model_name": name, "model_module": "m", "state": state}


def test_ids_follow_from_the_text():
    def ids(*sources):
        notebook = new_notebook(cells=[new_code_cell(source) for source in sources] + [new_markdown_cell("a")])
        add_ids(notebook)
        nbformat.validate(notebook)
        return [cell.id for cell in notebook.cells]

    assert ids("a", "b") == ids("a", "b")
    assert ids("a", "b")[1] == ids("b")[0]
    assert len(set(ids("a", "a", "a"))) == 4


def test_only_outputs_and_counts_come_from_the_execution(good):
    executed = copy.deepcopy(good)
    executed.metadata["papermill"] = {"duration": 1.5}
    executed.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    for cell in executed.cells:
        cell.metadata["papermill"] = {"start_time": "now"}
        cell.metadata["execution"] = {"iopub.execute_input": "now"}
    executed.cells[1].outputs = [stream("a"), stream("b"), stream("c", "stderr"), stream("d")]
    built = copy.deepcopy(good)
    for cell in built.cells:
        cell.outputs, cell.execution_count = [], None
    notebook = normalize(executed, built)
    assert [output.text for output in notebook.cells[1].outputs] == ["ab", "c", "d"]
    assert [cell.execution_count for cell in notebook.cells] == [1, 2]
    notebook.cells[1].outputs = good.cells[1].outputs
    assert notebook == good
    assert built.cells[1].outputs == []


def test_widgets_are_numbered_as_they_appear_and_unused_ones_go(good):
    def executed(slider, layout, other, link, unused):
        notebook = copy.deepcopy(good)
        views = [new_output("display_data", {WIDGET_VIEW: {"model_id": model}}) for model in (slider, other)]
        notebook.cells[1].outputs = views
        state = {
            other: widget("LabelModel"),
            unused: widget("FloatModel"),
            link: widget("LinkModel", source=[f"IPY_MODEL_{slider}", "value"], target=[f"IPY_MODEL_{other}", "value"]),
            layout: widget("LayoutModel", width="3em"),
            slider: widget("SliderModel", layout=f"IPY_MODEL_{layout}"),
        }
        if sum(map(ord, slider)) % 2:
            state = dict(reversed(state.items()))
        notebook.metadata["widgets"] = {WIDGETS: {"state": state, "version_major": 2, "version_minor": 0}}
        return normalize(notebook, good)

    first = executed(*(letter * 32 for letter in "abcde"))
    second = executed(*(letter * 32 for letter in "badef"))
    assert json.dumps(first) == json.dumps(second)
    state = first.metadata["widgets"][WIDGETS]["state"]
    assert [entry["model_name"] for entry in state.values()] == [
        "SliderModel",
        "LayoutModel",
        "LabelModel",
        "LinkModel",
    ]
    assert first.cells[1].outputs[1].data[WIDGET_VIEW]["model_id"] == f"{3:032x}"
    assert state[f"{4:032x}"]["state"]["target"] == [f"IPY_MODEL_{3:032x}", "value"]


def test_numbers_of_widgets_are_as_a_browser_writes_them(good):
    good.cells[1].outputs = [new_output("display_data", {WIDGET_VIEW: {"model_id": "a" * 32}})]
    state = {"a" * 32: widget("SliderModel", value=3.0, step=0.5, z=[-0.25, -2.0], text="3.0", huge=1e300)}
    good.metadata["widgets"] = {WIDGETS: {"state": state, "version_major": 2, "version_minor": 0}}
    built = copy.deepcopy(good)
    (model,) = normalize(good, built).metadata["widgets"][WIDGETS]["state"].values()
    assert json.dumps(model["state"]) == '{"value": 3, "step": 0.5, "z": [-0.25, -2], "text": "3.0", "huge": 1e+300}'


def test_a_good_notebook_has_no_problems(good):
    picture = {"image/png": "/tmp/AAAA/home/", "text/plain": "<Figure size 640x480>"}
    good.cells[1].outputs.append(new_output("display_data", picture))
    good.cells[1].outputs.append(stream("loss 0.1234, 10:1, https://example.org/home, 28x28, 12 s\n"))
    assert problems(good) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("saved /tmp/x.npz", "machine path /tmp"),
        ("File /home/someone/a.py", "machine path /home/someone"),
        ("C:\\Users\\someone", "machine path C:"),
        (f"{paths.root()}/data", f"machine path {paths.root()}"),
        ("on 2026-03-01", "absolute time 2026-03-01"),
        ("at 12:30:59", "absolute time 12:30:59"),
    ],
)
def test_what_a_machine_leaves_in_an_output(good, text, problem):
    good.cells[1].outputs = [stream(text)]
    assert problem in problems(good)[0]
    good.cells[1].outputs = [new_output("execute_result", {"text/html": f"<b>{text}</b>"})]
    assert problem in problems(good)[0]
    good.cells[1].outputs = []
    good.metadata["widgets"] = {WIDGETS: {"state": {"1": widget("HTMLModel", value=text.replace("\\", "/"))}}}
    assert problems(good)[0].startswith("widget HTMLModel holds") or "\\" in text


def test_other_reasons_not_to_commit(good):
    def found(change):
        notebook = copy.deepcopy(good)
        change(notebook, notebook.cells[1])
        return "\n".join(problems(notebook))

    assert "raises ValueError: no" in found(
        lambda notebook, cell: cell.outputs.append(new_output("error", ename="ValueError", evalue="no", traceback=[]))
    )
    assert "writes to stderr" in found(lambda notebook, cell: cell.outputs.append(stream("W0000 TF", "stderr")))
    assert "26 lines" in found(lambda notebook, cell: cell.update(source="x\n" * 25 + "x"))
    assert found(lambda notebook, cell: cell.update(source="x\n" * 24 + "x")) == ""
    assert "execution count None" in found(lambda notebook, cell: cell.update(execution_count=None))
    assert "no cell is tagged `parameters`" in found(lambda notebook, cell: notebook.cells[0].metadata.clear())
    assert "1.60 MB" in found(lambda notebook, cell: cell.outputs.append(stream("x" * 1_599_000)))
