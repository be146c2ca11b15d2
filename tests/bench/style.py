"""Style and content that six transfers end with, by the measures of lecture 10.

    python tests/bench/style.py                  # prints the table; writes data/results/style.json
    python tests/bench/style.py --dry            # writes nothing

Six photographs, each painted in the style of a test painting of `brushes` that has another of the six styles: by the
colors' mean and covariance alone, by Gram matrices of `rotnet-cifar10`, and by those of the same network with random
weights (two draws), as they are and with batch normalization's averages taken over photographs, so that the channels
are alike in size. Of each result: the share of its patches that a linear judge on `dim-photos` gives to the
painting's style, and the correlation of its edges with the photograph's. 200 steps each, 128x128, two minutes or more.
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
STEPS, DRAWS = 200, 2


def judge():
    """The judge of six styles and six photographs, and what it says of test paintings: {style: share}."""
    network = pretrained("dim-photos").encoder
    features = lambda cut: metrics.probes.pool(encoders.activations(network, cut, "conv3"))
    known, others = data.load("brushes", "train", 60), data.load("brushes", "test")
    of = lambda part: {name: part.images[part.factors["style"] == i] for i, name in enumerate(brushes.STYLES)}
    photographs = {name: data.picture(name)[None] for name in PHOTOGRAPHS}
    judge = stylization.PatchJudge(features, of(known) | photographs)
    return judge, judge.ceiling(of(others))


def painted(features, content, painting):
    begun = time.perf_counter()
    picture = style.StyleTransfer(features, content, painting).paint(STEPS)
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
    learned = style.features_of(pretrained("rotnet-cifar10").network)
    random = {
        "random": [untrained(seed) for seed in range(DRAWS)],
        "normalized": [untrained(seed, normalized=True) for seed in range(DRAWS)],
    }
    rows = {}
    for hand, name in PAIRS.items():
        content, painting = data.picture(name), data.load("brushes", "test", 6).images[brushes.STYLES.index(hand)]
        results = {"photograph": [content], "colors": [stylization.match_colors(content[None], painting[None])[0]]}
        results["learned"], seconds = zip(painted(learned, content, painting), strict=True)
        for way, networks in random.items():
            results[way] = [painted(features, content, painting)[0] for features in networks]
        rows[hand] = {"photograph": name, "seconds": round(seconds[0], 1), "ceiling": ceiling[hand]} | {
            way: {
                "style": round(judged.share(np.stack(pictures), hand), 3),
                "edges": round(
                    float(stylization.edges_kept(np.stack(pictures), content[None].repeat(len(pictures), 0)).mean()), 3
                ),
            }
            for way, pictures in results.items()
        }
        print(hand, rows[hand], flush=True)
    photographs = np.stack([data.picture(name) for name in PHOTOGRAPHS])
    others = [stylization.edges_kept(np.roll(photographs, k, 0), photographs) for k in range(1, len(photographs))]
    mean = lambda way, kind: round(float(np.mean([row[way][kind] for row in rows.values()])), 3)
    ways = ("photograph", "colors", "random", "normalized", "learned")
    means = {way: {kind: mean(way, kind) for kind in ("style", "edges")} for way in ways}
    results = {
        "what": "style transfers of six pairs: share of patches given to the style, correlation of edges kept",
        "command": "python tests/bench/style.py",
        "settings": {"steps": STEPS, "draws of random weights": DRAWS, "size": 128},
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
