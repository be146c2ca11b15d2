import matplotlib
import numpy as np
import pytest
from flow_gallery import DRAWINGS

from coursekit import plots
from coursekit.plots.flows import flow, graph, routing, ways

matplotlib.use("agg")

VAE = """
    x -> [encoder] -> {mean}, {log variance} -> {z} -> [decoder] -> x hat
    (epsilon) -> z
    x, x hat -> <reconstruction>
    mean, log variance -> <KL>
    """
GAME = {
    "step of D": "($z$) -> [G] -> fake -> [D] -> <loss of D>; real -> D; loss of D ~> D ~| fake",
    "step of G": "($z$) -> [G] -> fake -> [D] -> <loss of G>; loss of G ~> G",
}
LONG = "a name that is much too long for any box, with words of every length"
ODD = {
    "long": lambda: flow(
        "x -> [f] -> y, z -> <loss>; (e) -> f",
        "Odd",
        labels={
            "x": LONG,
            "f": LONG,
            "e": LONG,
            "y": r"$\frac{\sum_i x_i^2}{\sqrt{2\pi\sigma^2}}$",
            "z": "\n".join("lines"),
        },
        notes={"x": [LONG, LONG], "e": LONG, "x -> f": LONG, "y -> loss": LONG},
    ),
    "dense": lambda: flow("a, b, c -> [f], [g], [h] -> k, l, m -> <p>, <q>; a, b -> p; c -> q", "Odd"),
    "long ways": lambda: flow(
        "a -> b -> c -> d -> e -> f; a -> c; a -> d; b -> e; a, b, c, d -> f; f --> a; e --> b", "Odd", down=True
    ),
    "framed": lambda: flow(
        "x -> [f] -> y -> <p>; w -> [g] -> v -> p; p ~> f; p ~> g ~| w",
        "Odd",
        groups={"the first of the two": ["f", "y"], "the second": ["g", "v"]},
    ),
}


@pytest.fixture(scope="module")
def drawn():
    """{name: (figure, graphs of its panels)} of the gallery and of odd cases, each drawn once."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        route = routing.route
        for name, draw in (DRAWINGS | ODD).items():
            graphs = []
            patch.setattr(routing, "route", lambda one, *a, kept=graphs, **k: (kept.append(one), route(one, *a, **k)))
            figure = draw()
            figure.canvas.draw()  # and no warning, such as one of a missing glyph
            found[name] = figure, graphs
    return found


every_drawing = pytest.mark.parametrize("name", [*DRAWINGS, *ODD])


def named(figure, start):
    """{rest of the name: artist} of the artists whose gid begins with `start`; a list of them for texts."""
    artists = [artist for artist in figure.findobj() if str(artist.get_gid() or "").startswith(start + " ")]
    return [(artist.get_gid().removeprefix(start + " "), artist) for artist in artists]


def inches(artist):
    """(left, right, bottom, top) of a text."""
    extent = artist.get_window_extent().transformed(artist.axes.transData.inverted())
    return extent.x0, extent.x1, extent.y0, extent.y1


def overlap(one, other, by=0.005):
    return min(one[1], other[1]) - max(one[0], other[0]) > by and min(one[3], other[3]) - max(one[2], other[2]) > by


@every_drawing
def test_nothing_overlaps(drawn, name):
    figure, graphs = drawn[name]
    taken = [box.bounds for one in graphs for box in one.boxes.values()]
    taken += [inches(text) for start in ("note", "slope", "title", "panel") for _, text in named(figure, start)]
    assert not [
        pair for i, one in enumerate(taken) for other in taken[:i] if overlap(one, other) for pair in [(one, other)]
    ]


@every_drawing
def test_every_label_stays_in_the_room_of_its_box(drawn, name):
    figure, graphs = drawn[name]
    rooms = [(key, box.bounds) for one in graphs for key, box in one.boxes.items()]
    for key, text in named(figure, "text"):
        left, right, bottom, top = inches(text)
        assert any(
            key == other
            and room[0] < left + 0.02
            and right - 0.02 < room[1]
            and room[2] < bottom + 0.02
            and top - 0.02 < room[3]
            for other, room in rooms
        ), text.get_text()
    edges = [*figure.axes[0].get_xlim(), *figure.axes[0].get_ylim()]
    for text in figure.axes[0].texts:
        left, right, bottom, top = inches(text)
        assert max(edges[0] - left, right - edges[1], edges[2] - bottom, top - edges[3]) <= 0, text.get_text()


@every_drawing
def test_arrows_end_at_their_boxes_and_go_around_all_others(drawn, name):
    for one in drawn[name][1]:
        for arrow in one.arrows:
            assert len(arrow.points) >= 2
            for place, end in ((arrow.points[0], arrow.source), (arrow.points[-1], arrow.target)):
                left, right, bottom, top = one.boxes[end].bounds
                off = max(left - place[0], place[0] - right, bottom - place[1], place[1] - top)
                assert abs(off) < 0.003, f"{arrow.name} ends on an edge of {end}"
            for start, stop in zip(arrow.points, arrow.points[1:], strict=False):
                assert min(abs(start[0] - stop[0]), abs(start[1] - stop[1])) < 0.003, "level or upright"
                line = (*sorted((start[0], stop[0])), *sorted((start[1], stop[1])))
                line = line[0] - 0.02, line[1] + 0.02, line[2] - 0.02, line[3] + 0.02
                for key, box in one.boxes.items():
                    assert key in (arrow.source, arrow.target) or not overlap(line, box.bounds, 0), (arrow.name, key)


@every_drawing
def test_the_tip_of_every_head_touches_its_box(drawn, name):
    figure, graphs = drawn[name]
    for key, head in named(figure, "arrow"):
        tip = head.get_xy()[0]
        targets = [box for one in graphs for box in one.boxes.values() if key.endswith(f" {box.name}")]
        assert (
            min(
                max(abs(tip[0] - b.x) - b.width / 2, tip[1] - b.y - max(b.up, b.height / 2), b.y - tip[1] - b.down)
                for b in targets
            )
            < 0.01
        )


@every_drawing
def test_the_flow_runs_one_way(drawn, name):
    for one in drawn[name][1]:
        for arrow in one.arrows:
            source, target = one.boxes[arrow.source], one.boxes[arrow.target]
            if arrow.kind == "data":
                assert source.column < target.column
                assert source.y > target.y if source.turned else source.x < target.x


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_reads_from_the_back_of_a_hall(drawn, name):
    figure, _ = drawn[name]
    assert min(text.get_size() for text in figure.axes[0].texts) >= 12
    width, height = figure.get_size_inches()
    assert width <= 10.5, "wider, and its text shrinks on the page"
    assert height <= 7.2, "higher, and it does not fit on a slide of 1280 by 720"


def test_boxes_that_lead_to_more_stand_before_what_they_lead_to():
    one = graph.read(VAE)
    graph.columns(one)
    assert {name: box.column for name, box in one.boxes.items()} == {
        "x": 0,
        "encoder": 1,
        "mean": 2,
        "log variance": 2,
        "epsilon": 2,
        "z": 3,
        "KL": 3,
        "decoder": 4,
        "x hat": 5,
        "reconstruction": 6,
    }
    assert one.boxes["encoder"].kind == "network"
    assert one.boxes["x"].kind == "data"
    assert [arrow.name for arrow in one.into("z")] == ["mean -> z", "log variance -> z", "epsilon -> z"]


def test_the_gradient_goes_back_on_every_way_and_stops_where_it_is_told():
    one = graph.read(f"{VAE}; reconstruction ~> encoder; z ~| epsilon")
    passing = {arrow.name for arrow in one.arrows if arrow.gradient == "passes"}
    assert passing == {
        "encoder -> mean",
        "encoder -> log variance",
        "mean -> z",
        "log variance -> z",
        "z -> decoder",
        "decoder -> x hat",
        "x hat -> reconstruction",
    }
    assert [arrow.name for arrow in one.arrows if arrow.gradient == "stops"] == ["epsilon -> z"]


def said(monkeypatch, *args, **options):
    """The text alternative with which a drawing is shown."""
    kept = []
    monkeypatch.setattr(plots, "display", lambda figure, alt: (kept.append(alt), matplotlib.pyplot.close(figure)))
    flow(*args, **options)
    return kept[0]


def test_the_text_alternative_says_the_graph(monkeypatch):
    assert said(monkeypatch, VAE, "A VAE", notes={"encoder": "784 to 2"}) == (
        "A VAE. x goes into the encoder (784 to 2), which gives the mean and the log variance. "
        "The mean, the log variance and the random draw epsilon lead to z. "
        "The mean and the log variance go into the loss KL. z goes into the decoder, which gives x hat. "
        "x and x hat go into the loss reconstruction."
    )


def test_the_text_alternative_says_whose_weights_move_and_where_the_gradient_stops(monkeypatch):
    text = said(monkeypatch, GAME, "A round", moves={"step of D": ["D"], "step of G": ["G"]})
    assert text == (
        "A round. Step of D. The random draw z goes into G, which gives the fake. The fake and the real go into D. "
        "The output of D goes into the loss of D. The weights of D move. The weights of G are held fixed. "
        "The gradient runs back from the loss of D to D. It stops between D and the fake. "
        "Step of G. The random draw z goes into G, which gives the fake. The fake goes into D. "
        "The output of D goes into the loss of G. The weights of G move. The weights of D are held fixed. "
        "The gradient runs back from the loss of G, through D and the fake, to G."
    )
    assert said(monkeypatch, "a -> b", "T", "What I say.") == "What I say."


def test_mathematics_is_said_in_words():
    from coursekit.plots.flows.words import plain

    assert plain(r"$\hat x$") == "x hat"
    assert plain(r"$z = \mu + \sigma\,\varepsilon$") == "z = mu + sigma epsilon"
    assert plain(r"$q(z \mid x)$") == "q(z given x)"
    assert plain(r"$\log \sigma^2$") == "log sigma squared"


def test_what_moves_is_told_from_what_is_held():
    figure = flow(GAME, "A round", moves={"step of D": ["D"], "step of G": ["G"]})
    texts = [(key, text.get_text()) for key, text in named(figure, "text")]
    assert [key for key, text in texts if text == "weights move"] == ["D", "G"]
    assert [key for key, text in texts if text == "held fixed"] == ["G", "D"]
    frames = [(key, patch.get_linewidth()) for key, patch in named(figure, "box") if key in "GD"]
    assert [key for key, width in frames if width > 3] == ["D", "G"]
    neither = {text.get_text() for _, text in named(flow(GAME, "A round"), "text")}
    assert not neither & {"weights move", "held fixed"}


def test_gradients_are_drawn_against_the_arrows_and_end_in_a_bar_where_they_stop():
    figure = flow(GAME["step of D"], "A step")
    heads = {key: patch.get_xy() for key, patch in named(figure, "gradient")}
    assert set(heads) == {"D -> loss of D", "fake -> D"}
    assert len(heads["fake -> D"]) == 5, "a bar"
    assert len(heads["D -> loss of D"]) == 4, "a head"
    boxes = {key: patch.get_xy() for key, patch in named(figure, "box") if hasattr(patch, "get_path")}
    assert abs(heads["D -> loss of D"][0, 0] - boxes["D"][:, 0].max()) < 0.01, "it arrives at D, from the right"
    assert heads["fake -> D"][:, 0].max() < boxes["D"][:, 0].min(), "it ends before the fake"


def test_pictures_are_drawn_as_given():
    image, several = np.eye(8), np.zeros((4, 5, 5))
    figure = flow("a -> b -> c", "T", pictures={"a": image, "b": several, "c": np.arange(784) / 784})
    shown = [picture.get_array() for picture in figure.axes[0].get_images()]
    np.testing.assert_array_equal(shown[0], image)
    assert [array.shape for array in shown[1:]] == [(11, 11), (28, 28)]


def test_rows_are_as_given_and_options_may_be_for_one_panel():
    one = graph.read(VAE)
    graph.columns(one)
    graph.rows(one, ["epsilon", "x, encoder, mean, z, decoder, x hat, reconstruction", ["log variance"], "KL"])
    assert [one.boxes[name].row for name in ("epsilon", "z", "log variance", "KL")] == [0, 1, 2, 3]
    figure = flow(GAME, "T", notes={"step of G": {"fake": "again"}}, labels={"step of D": {"D": "judge"}})
    texts = [text.get_text() for _, text in named(figure, "text")]
    assert texts.count("again") == texts.count("judge") == texts.count("D") == 1


def test_places_on_a_side_are_spread_in_order():
    assert ways.STUB > ways.CLEAR, "or no line could leave a box"
    assert routing.spread([(0, 1), (0, 1), (0, 1)], [0.2, 0.2], -1, 1) == pytest.approx([-0.2, 0, 0.2])
    assert routing.spread([(0, 1), (0, 1e9)], [0.2], -1, 1) == pytest.approx([-0.2, 0], abs=1e-6)
    assert routing.spread([(0, 1), (0, 1)], [0.2], -0.05, 0.05) == pytest.approx([-0.05, 0.05]), (
        "as far as there is room"
    )


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "Expected lines with arrows, got none"),
        ("x", {}, "Expected an arrow in every line, got 'x'"),
        ("x -> [encoder", {}, "plain or in brackets, got '\\[encoder'"),
        ("x -> -> y", {}, "plain or in brackets, got ''"),
        ("[x] -> y -> (x)", {}, "'x' to be of one kind, got network and random"),
        ("x -> [encoder] -> z; z ~> encodr", {}, "got 'encodr' .* Did you mean 'encoder'"),
        ("x -> y; y ~| z", {}, "got 'z'"),
        ("x -> y -> z; x ~> z", {}, "a way along arrows from 'z' to 'x'"),
        ("x -> y -> z; z ~| x", {}, "an arrow from 'x' to 'z' .* draw 'x -> z' first"),
        ("x -> y; y ~> x; y ~| x", {}, "to pass or to stop on 'x -> y', got both"),
        ("a -> b -> c -> a", {}, "the circle a -> b -> c -> a.*'-->'"),
        (
            "x -> [f] -> y",
            {"moves": ["g"]},
            "moves to name boxes of the drawing, got 'g'. The boxes are: 'x', 'f', 'y'",
        ),
        ("x -> [f] -> y", {"moves": ["y"]}, "moves to name networks, got 'y', which is data. Write \\[y\\]"),
        ("x -> [f] -> y", {"moves": {"step": ["f"]}}, "the title of a panel, got 'step'"),
        ({"one": "a -> b", "two": "a -> c"}, {"moves": {"tow": []}}, "got 'tow'. Did you mean 'two'"),
        ("x -> label", {"notes": {"lable": "?"}}, "notes to name boxes .* 'lable'. Did you mean 'label'"),
        ("x -> y", {"notes": {"x -> z": "?"}}, "notes to name"),
        ("x -> y", {"pictures": {"z": np.eye(2)}}, "pictures to name"),
        ("x -> y", {"rows": ["x, y, z"]}, "rows to name"),
        ("x -> y, z", {"rows": ["x, y, z"]}, "got 'y' and 'z' in the same column and row"),
        ("a -> b -> c", {"groups": {"ends": ["a", "c"]}}, "'ends' to stand apart, got 'b'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(text, options, message):
    with pytest.raises(ValueError, match=message):
        flow(text, "Title", **options)
    assert matplotlib.pyplot.get_fignums() == []
