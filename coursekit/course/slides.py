"""An executed notebook -> slides in one file, which works with no network and no kernel."""

from pathlib import Path

from coursekit.course.render import STATIC, anywidget_module, read_executed, title_of


def render_slides(notebook: Path, out: Path) -> Path:
    """Write the executed `notebook` as slides into the HTML file `out`; returns `out`.

    A cell's slide type (`slideshow` in its metadata) says where a slide begins; add `?print-pdf` to the address to
    print them.

    Raises:
        CourseError: the notebook is missing, was not executed, or stopped at an error.
    """
    from nbconvert import HTMLExporter

    content = read_executed(Path(notebook))
    exporter = HTMLExporter(
        template_name=STATIC.name,
        extra_template_basedirs=[str(STATIC.parent)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    resources = {"title": title_of(content, Path(notebook).stem), "anywidget_module": anywidget_module()}
    text, _ = exporter.from_notebook_node(content, resources)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, "utf-8")
    return out
