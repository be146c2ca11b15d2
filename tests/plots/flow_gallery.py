"""The drawings of the lectures' games and losses, to look at and to learn `plots.flow` from.

python tests/plots/flow_gallery.py FOLDER          one PNG each
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np

from coursekit.plots.flows import flow


@cache
def pictures():
    """A digit, noisy and blurred; pure noise; nine digits: stand-ins for what a lecture has at hand."""
    from coursekit import data

    digits = data.load("digits").images[..., 0]
    seven, rng = digits[data.load("digits").labels == 7][3], np.random.default_rng(0)
    padded = np.pad(seven, 1)
    blurred = sum(padded[i : i + 28, j : j + 28] for i in range(3) for j in range(3)) / 9
    return {
        "seven": seven,
        "noisy": np.clip(seven + rng.normal(0, 0.4, (28, 28)), 0, 1),
        "blurred": blurred,
        "noise": rng.random((28, 28)),
        "several": digits[:9],
        "mean": digits.mean(0),
    }


def autoencoder():
    p = pictures()
    return flow(
        r"""
        $x$ -> [encoder] -> {code} -> [decoder] -> $\hat x$
        $x$, $\hat x$ -> <squared error>
        """,
        "An autoencoder copies its input through a narrow code",
        moves=["encoder", "decoder"],
        notes={"code": "32 numbers", "$x$": "784 numbers", r"$\hat x$": "784 numbers"},
        pictures={"$x$": p["seven"], r"$\hat x$": p["blurred"]},
    )


def denoising():
    p = pictures()
    return flow(
        r"""
        clean $x$ -> noisy $\tilde x$ -> [encoder] -> {code} -> [decoder] -> $\hat x$
        (noise) -> noisy $\tilde x$
        clean $x$, $\hat x$ -> <squared error>
        """,
        "A denoising autoencoder sees the noisy image; its error is measured on the clean one",
        pictures={"clean $x$": p["seven"], r"noisy $\tilde x$": p["noisy"], r"$\hat x$": p["blurred"]},
    )


def vae():
    p = pictures()
    return flow(
        r"""
        $x$ -> [encoder] -> {$\mu$}, {$\log \sigma^2$} -> {$z$} -> [decoder] -> $\hat x$
        ($\varepsilon$) -> $z$
        $x$, $\hat x$ -> <reconstruction>
        $\mu$, $\log \sigma^2$ -> <KL>
        """,
        "A variational autoencoder",
        pictures={"$x$": p["seven"], r"$\hat x$": p["blurred"]},
    )


def reparameterization():
    return flow(
        {
            "z is drawn: the gradient cannot pass": r"""
                $x$ -> [encoder] -> {$\mu, \sigma$} -> ($z \sim \mathcal{N}(\mu, \sigma^2)$) -> [decoder] -> <loss>
                loss ~> $z \sim \mathcal{N}(\mu, \sigma^2)$ ~| $\mu, \sigma$
                """,
            "only epsilon is drawn: the gradient passes": r"""
                $x$ -> [encoder] -> {$\mu, \sigma$} -> {$z = \mu + \sigma\,\varepsilon$} -> [decoder] -> <loss>
                ($\varepsilon$) -> $z = \mu + \sigma\,\varepsilon$
                loss ~> encoder
                """,
        },
        "Why the draw is moved aside",
        notes={r"$\varepsilon$": r"from $\mathcal{N}(0, 1)$"},
    )


def vae_loss():
    return flow(
        r"""
        {$q(z \mid x)$} -> ($z$) -> {$p(x \mid z)$} -> <reconstruction> -> <$-$ELBO>
        $x$ -> reconstruction
        $q(z \mid x)$, {$p(z)$} -> <KL> -> $-$ELBO
        """,
        "The two terms of the loss",
        rows=["$x$", r"$q(z \mid x)$, $z$, $p(x \mid z)$, reconstruction", "$-$ELBO", "$p(z)$, KL"],
        notes={
            r"$q(z \mid x)$": "the encoder",
            r"$p(x \mid z)$": "the decoder",
            "$p(z)$": "the prior",
            "reconstruction": r"$-\log p(x \mid z)$",
            "KL": "from the prior",
        },
    )


def posterior_collapse():
    p = pictures()
    lines = r"""
        $x$ -> [encoder] -> {$\mu, \sigma$} -> {$z$} -> [decoder] -> $\hat x$
        ($\varepsilon$) -> $z$
        $\mu, \sigma$ -> <KL>
        """
    light, heavy = "beta small: the code tells the decoder about x", "beta large: the code is the same for every x"
    return flow(
        {light: lines, heavy: lines},
        "Posterior collapse",
        picture=0.7,
        pictures={
            light: {"$x$": p["seven"], r"$\hat x$": p["blurred"]},
            heavy: {"$x$": p["seven"], r"$\hat x$": p["mean"]},
        },
        notes={heavy: {r"$\mu, \sigma$": "always 0, 1", "KL": "0 nats", r"$\hat x$": "the mean"}},
    )


def gan():
    p = pictures()
    steps = "the discriminator's step", "the generator's step"
    return flow(
        {
            steps[0]: """
                ($z$) -> [generator] -> fake -> [discriminator] -> <loss of D>
                real -> discriminator
                loss of D ~> discriminator ~| fake
                """,
            steps[1]: """
                ($z$) -> [generator] -> fake -> [discriminator] -> <loss of G>
                loss of G ~> generator
                """,
        },
        "One round of the game",
        down=True,
        picture=0.6,
        moves={steps[0]: ["discriminator"], steps[1]: ["generator"]},
        rows={steps[0]: ["$z$, generator, fake", "discriminator, loss of D", "real"]},
        pictures={"real": p["several"][:4], "fake": np.stack([p["noise"]] * 4)},
    )


def non_saturating():
    p = pictures()
    lines = "($z$) -> [G] -> fake -> [D] -> logit $a$ -> <{0}>; {0} ~> G"
    losses = r"$\log(1 - \sigma(a))$", r"$-\log \sigma(a)$"
    panels = "minimax: the surer D is of a fake, the less G learns", "non-saturating: the surer D is, the more G learns"
    return flow(
        {panel: lines.format(loss) for panel, loss in zip(panels, losses, strict=True)},
        "Two losses for the generator",
        moves=["G"],
        picture=0.7,
        pictures={"fake": p["noise"]},
        notes={
            panels[0]: {f"{losses[0]} ~> logit $a$": r"$-\sigma(a) \approx 0$"},
            panels[1]: {f"{losses[1]} ~> logit $a$": r"$\sigma(a) - 1 \approx -1$"},
        },
    )


def dcgan_batch():
    p = pictures()
    return flow(
        """
        ($z$) -> [generator] -> 64 fakes -> [discriminator] -> scores of fakes, scores of reals -> <cross-entropy>
        64 reals -> discriminator
        0s, 1s -> cross-entropy
        """,
        "One batch for the discriminator: half fake, half real",
        moves=["discriminator"],
        rows=[
            "0s",
            "$z$, generator, 64 fakes, scores of fakes",
            "discriminator, cross-entropy",
            "64 reals, scores of reals",
            "1s",
        ],
        labels={"0s": "64 times 0", "1s": "64 times 1", "scores of fakes": "64 scores", "scores of reals": "64 scores"},
        notes={"$z$": "64 x 100"},
        pictures={"64 fakes": np.stack([p["blurred"]] * 9), "64 reals": p["several"]},
    )


def rotnet():
    turns = [f"{90 * k}°" for k in range(4)]
    return flow(
        f"""
        image -> {", ".join(turns)} -> [one network] -> P(0), P(1), P(2), P(3) -> <cross-entropy>
        """,
        "RotNet: by how many quarter turns was it turned?",
        picture=0.7,
        pictures={"image": pictures()["seven"]} | {turns[k]: np.rot90(pictures()["seven"], k) for k in range(4)},
        labels={f"P({k})": f"should say {k}" for k in range(4)},
        notes={"one network": "the same weights for all four"},
    )


def deep_infomax():
    p = pictures()
    return flow(
        """
        $x$ -> [conv] -> {local maps} -> [dense] -> {code}
        other image -> [conv 2] -> {other maps}
        local maps, code -> [scorer] -> same image -> <loss>
        code, other maps -> [scorer 2] -> two images -> loss
        conv == conv 2
        scorer == scorer 2
        """,
        "Deep InfoMax: does this place belong to this code?",
        rows=[
            "$x$, conv, local maps, scorer, same image",
            "dense, code, loss",
            "other image, conv 2, other maps, scorer 2, two images",
        ],
        labels={"conv 2": "conv", "scorer 2": "scorer", "same image": "high?", "two images": "low?"},
        notes={"local maps": "8 x 8 places", "other maps": "8 x 8 places", "same image": "same", "two images": "other"},
        pictures={"$x$": p["seven"], "other image": p["several"][1]},
    )


def linear_probe():
    return flow(
        """
        image -> [encoder] -> {features} -> [linear classifier] -> guess -> <cross-entropy>
        label -> cross-entropy
        cross-entropy ~> linear classifier ~| features
        """,
        "A linear probe: labels enter only here",
        moves=["linear classifier"],
        pictures={"image": pictures()["seven"]},
        groups={"the probe": ["linear classifier", "guess", "label", "cross-entropy"]},
    )


def iwae():
    return flow(
        r"""
        $x$ -> [encoder] -> {$\mu, \sigma$} -> ($z_1$), ($z_2$), dots, ($z_k$) -> [decoder] -> $w_1$, $w_2$, more, $w_k$
        $w_1$, $w_2$, more, $w_k$ -> <$-\log\;\frac{1}{k}\sum_i w_i$>
        """,
        "The importance-weighted bound: k draws, their weights, one logarithm",
        labels={"dots": "⋮", "more": "⋮"},
        notes={"decoder": "$w_i = \\frac{p(x, z_i)}{q(z_i \\mid x)}$"},
        colors={f"$w_{k}$": "#6B6B6B" for k in "12k"},
        pictures={"$x$": pictures()["seven"]},
    )


def three_kinds():
    return flow(
        {
            "supervised": """
                image -> [network] -> guess -> <error>
                label -> error
                error ~> network
                """,
            "reinforcement": """
                state -> [network] -> (action) -> world -> reward
                world --> state
                reward --> network
                """,
            "self-supervised": """
                image -> shown part -> [network] -> guess -> <error>
                image -> hidden part -> error
                error ~> network
                """,
        },
        "What each step is told",
        down=True,
        notes={"label": "about 3 bits", "reward": "one number", "hidden part": "hundreds of pixels"},
        colors={"reward": "#0072B2"},
    )


def masked():
    p = pictures()
    hole = np.zeros((28, 28))
    hole[9:19, 9:19] = 1
    return flow(
        """
        image -> shown -> [network] -> guess -> <error in the hole>
        mask -> shown
        image -> hidden -> error in the hole
        """,
        "A task without labels: fill the hole",
        rows=["mask", "image, shown, network, guess, error in the hole", "hidden"],
        pictures={
            "image": p["seven"],
            "mask": hole,
            "shown": np.where(hole, 0.35, p["seven"]),
            "hidden": p["seven"][9:19, 9:19],
            "guess": p["blurred"][9:19, 9:19],
        },
        picture=0.7,
    )


def probes():
    return flow(
        """
        image -> [block 1] -> [block 2] -> [block 3] -> [fc] -> which turn?
        block 1 -> [probe 1]
        block 2 -> [probe 2]
        block 3 -> [probe 3]
        fc -> [probe 4]
        """,
        "A probe at every depth",
        moves=["probe 1", "probe 2", "probe 3", "probe 4"],
        labels={f"probe {k}": "probe" for k in range(1, 5)},
        colors={f"probe {k}": "#CC79A7" for k in range(1, 5)},
        pictures={"image": pictures()["seven"]},
    )


def tape():
    return flow(
        """
        $z$ -> [M] -> $y$ -> [C] -> <$c$>
        $c$ ~> $z$
        """,
        "The tape of C(M(z)): values to the right, derivatives to the left",
        notes={
            "$z$ -> M": "2",
            "M -> $y$": "6",
            "$y$ -> C": "6",
            "C -> $c$": "36",
            "$c$ ~> C": "1",
            "C ~> $y$": "12",
            "$y$ ~> M": "12",
            "M ~> $z$": "36",
            "M": "$y = 3z$",
            "C": "$c = y^2$",
        },
        colors={"M": "#009E73", "C": "#CC79A7"},
    )


def collapse():
    return flow(
        """
        G makes only 1s -> D calls every 1 fake -> G makes only 7s -> D calls every 7 fake
        D calls every 7 fake --> G makes only 1s
        """,
        "The cycle of collapse",
        colors={"G makes only 1s": "#D55E00", "G makes only 7s": "#D55E00"}
        | {"D calls every 1 fake": "#CC79A7", "D calls every 7 fake": "#CC79A7"},
    )


DRAWINGS = {
    function.__name__: function
    for function in (
        [autoencoder, denoising, vae, reparameterization, vae_loss, posterior_collapse]
        + [gan, non_saturating, dcgan_batch, collapse, rotnet, probes, deep_infomax, linear_probe, iwae]
        + [three_kinds, masked, tape]
    )
}

if __name__ == "__main__":
    import matplotlib

    from coursekit import plots

    matplotlib.use("agg")
    plots.style()
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or DRAWINGS:
        DRAWINGS[name]().savefig(folder / f"{name}.png", dpi=100)
