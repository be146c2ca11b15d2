"""Build data/fashion_5k.npz: 5,000 images of Fashion-MNIST, 400 a class of its training and 100 of its test set.

    python data/build_fashion.py                  # downloads Debian's package dataset-fashion-mnist with apt-get
    python data/build_fashion.py --from FOLDER    # reads the four idx .gz files there, official or Debian's

Of each class every 15th training image and every 10th test image is taken, so nothing is drawn at random and the same
bytes come out each time (with the same zlib). The order is 0, 1, ..., 9, 0, 1, ...: the first n are balanced.
"""

import argparse
import gzip
import hashlib
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from coursekit.data.registry import small_in_fashion_mnist

DEB_SHA256 = "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0"  # 0.0~git20200523.55506a9-1
# Of the unpacked files, as Debian's .gz headers differ from the official ones.
SHA256 = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
OUTPUT = Path(__file__).with_name("fashion_5k.npz")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, help="folder with the four official idx .gz files")
    parser.add_argument("--to", type=Path, default=OUTPUT, help="the archive to write (default: beside this script)")
    arguments = parser.parse_args()
    if arguments.folder:
        content = build(arguments.folder)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            content = build(unpack_debian_package(Path(scratch)))
    arguments.to.write_bytes(content)
    print(f"{arguments.to.name}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


def unpack_debian_package(scratch: Path) -> Path:
    subprocess.run(["apt-get", "download", "dataset-fashion-mnist"], cwd=scratch, check=True)
    package = next(scratch.glob("*.deb"))
    require(package.name, package.read_bytes(), DEB_SHA256)
    subprocess.run(["dpkg-deb", "-x", package, scratch], check=True)
    return scratch / "usr/share/datasets/fashion-mnist"


def build(folder: Path) -> bytes:
    """The archive's bytes; ends the program if a file is not the expected one."""
    arrays = {}
    for split, part in (("train", "train"), ("test", "t10k")):
        labels = read(folder, f"{part}-labels-idx1-ubyte", header=8)
        images = read(folder, f"{part}-images-idx3-ubyte", header=16).reshape(-1, 28, 28)
        chosen = small_in_fashion_mnist(split, labels)
        arrays |= {f"{split}_images": images[chosen], f"{split}_labels": labels[chosen]}
    archive = io.BytesIO()
    np.savez_compressed(archive, **arrays)
    return archive.getvalue()


def read(folder: Path, name: str, header: int) -> np.ndarray:
    content = gzip.decompress((folder / f"{name}.gz").read_bytes())
    require(name, content, SHA256[name])
    return np.frombuffer(content, np.uint8, offset=header)


def require(name: str, content: bytes, sha256: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"Expected {name} with SHA-256 {sha256}, got {found}. Take the official files, or Debian's package.")


if __name__ == "__main__":
    main()
