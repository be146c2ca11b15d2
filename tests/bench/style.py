"""Style and content that six transfers end with, by the measures of lecture 15.

    python tests/bench/style.py                  # prints the table; writes data/results/style.json
    python tests/bench/style.py --dry            # writes nothing

Six photographs, each painted in the style of a test painting of `brushes` that has another of the six styles: by the
colors' mean and covariance alone, by Gram matrices of `rotnet-cifar10`, and by those of the same network with random
weights, as they are and with batch normalization's averages taken over photographs, so that the channels are alike in
size. The style weighs 10, as everywhere in the lecture, or ten or a hundred times as much. Of each result: the share of
its patches that a linear judge on `dim-photos` gives to the painting's style, and the correlation of its edges with the
photograph's. 200 steps each, 128x128, ten minutes.
"""

import argparse
import time

import keras
import numpy as np

from coursekit import atomic, data, metrics, paths, pretrained, recipes
from coursekit.data import brushes
from coursekit.metrics import stylization
from coursekit.models import encoders, rotnet, style

PAIRS = {"strokes": "cat", "dots": "cat", "hatching": "temple", "tiles": "astronaut", "glass": "temple",
         "woodcut": "coffee"}  # fmt: skip
PHOTOGRAPHS = ("cat", "temple", "astronaut", "coffee", "flower", "rocket")
STEPS = 200
WEIGHTS = {"": 10.0, " x10": 100.0, " x100": 1000.0}  # of the style


def judge():
    """The judge of six styles and six photographs, and what it says of test paintings: {style: share}."""
    network = pretrained("dim-photos").encoder
    features = lambda cut: metrics.probes.pool(encoders.activations(network, cut, "conv3"))
    known, others = data.load("brushes", "train", 60), data.load("brushes", "test")
    of = lambda part: {name: part.images[part.factors["style"] == i] for i, name in enumerate(brushes.STYLES)}
    photographs = {name: data.picture(name)[None] for name in PHOTOGRAPHS}
    judge = stylization.PatchJudge(features, of(known) | photographs)
    return judge, judge.ceiling(of(others))


def painted(features, content, painting, weight):
    begun = time.perf_counter()
    picture = style.StyleTransfer(features, content, painting, style_weight=weight).paint(STEPS)
    return picture, time.perf_counter() - begun


def untrained(seed, normalized=False):
    """Features of random weights. normalized: with averages of batch normalization from patches of photographs."""
    keras.utils.set_random_seed(seed)
    network = rotnet.small((32, 32, 3), (64, 128, 256), 64).network
    patches = data.load("photo_patches", limit=480, seed=0).images
    for start in range(40 if normalized else 0):
        network(patches[start % 4 * 120 :][:120], training=True)
    return style.features_of(network)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dry", action="store_true")
    dry = parser.parse_args().dry
    judged, ceiling = judge()
    networks = {
        "learned": style.features_of(pretrained("rotnet-cifar10").network),
        "random": untrained(0),
        "normalized": untrained(0, normalized=True),
    }
    rows = {}
    for hand, name in PAIRS.items():
        content, painting = data.picture(name), data.load("brushes", "test", 6).images[brushes.STYLES.index(hand)]
        results = {"photograph": content, "colors": stylization.match_colors(content[None], painting[None])[0]}
        seconds = []
        for way, features in networks.items():
            for times, weight in WEIGHTS.items():
                picture, took = painted(features, content, painting, weight)
                results[way + times] = picture
                seconds.append(took)
        rows[hand] = {"photograph of": name, "seconds": round(float(np.median(seconds)), 1), "ceiling": ceiling[hand]}
        for way, picture in results.items():
            kept = stylization.edges_kept(picture[None], content[None])[0]
            rows[hand][way] = {"style": round(judged.share(picture[None], hand), 3), "edges": round(float(kept), 3)}
        print(hand, rows[hand], flush=True)
    photographs = np.stack([data.picture(name) for name in PHOTOGRAPHS])
    others = [stylization.edges_kept(np.roll(photographs, k, 0), photographs) for k in range(1, len(photographs))]
    mean = lambda way, kind: round(float(np.mean([row[way][kind] for row in rows.values()])), 3)
    ways = [way for way in rows["strokes"] if way not in ("photograph of", "seconds", "ceiling")]
    means = {way: {kind: mean(way, kind) for kind in ("style", "edges")} for way in ways}
    results = {
        "what": "style transfers of six pairs: share of patches given to the style, correlation of edges kept",
        "command": "python tests/bench/style.py",
        "settings": {"steps": STEPS, "style_weight": WEIGHTS, "size": 128},
        **recipes.run.machine(),
        "chance": round(judged.chance, 4),
        "ceiling": round(float(np.mean(list(ceiling.values()))), 3),
        "edges of other photographs": round(float(np.mean(others)), 3),
        "means": means,
        "pairs": rows,
    }
    print(means, results["ceiling"], results["edges of other photographs"])
    if not dry:
        atomic.write_json(paths.data() / "results" / "style.json", results)


if __name__ == "__main__":
    main()
