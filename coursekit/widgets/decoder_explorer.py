"""`DecoderExplorer`: a trained decoder over its plane of codes, to drag, with and without a kernel."""

import math
import statistics

import numpy as np
import traitlets

from coursekit.arrays import check_one_of
from coursekit.widgets import decoder_network
from coursekit.widgets.base import HERE, Widget, check_size, script
from coursekit.widgets.decoder_picture import dots_of, plane_picture
from coursekit.widgets.pictures import as_picture, png


class DecoderExplorer(Widget):
    """Shows the image that a trained decoder makes of the code under the pointer: `DecoderExplorer(vae)`.

    The decoder's weights travel in the notebook as float16, and the page computes with them itself, so that it answers
    in pages and slides where no Python runs. A decoder with layers that the page does not know (see
    `decoder_network.py`) runs in the kernel. Where no JavaScript runs (GitHub, PDF), `grid()` stands in.

    Args:
        decoder: a built Keras model from codes [n, latent_dim] to images, or an object that has one as `.decoder`
            or `.generator`.
            Images are [n, h, w], [n, h, w, 1 or 3] or rows [n, h * w * (1 or 3)].
        shape: (h, w) or (h, w, channels) of images that come as rows; square if None.
        output: what the decoder gives: "logits" (a sigmoid makes them images), "images" in [0, 1], or "signed", images
            in [-1, 1]. None: by its last activation, sigmoid, tanh or none.
        origin: the code to begin at, [latent_dim]; zeros if None.
        range: the plane and the sliders go from -range to range.
        names: of the latent dimensions, [latent_dim]; z1, z2, ... if None.
        plane: the two dimensions that dragging moves, across and up. The others have sliders, the first 16 of them.
        points, labels: codes [n, latent_dim], n <= 2,000, drawn as dots, and their classes [n], at most 20 different.
        background: a picture of the plane to lay under it, as `as_picture` takes it.
        cmap: of gray images: "gray_r", ink on paper as in `plots`, or "gray", as light.
        title, alt: what stands above, and what a screen reader says of the image.
        max_kb: the most that weights, points and background may weigh in the notebook, in kB of base64.

    Attributes:
        z: the code, a list of latent_dim numbers; follows the finger where there is a kernel, and can be set.
        live: whether only the kernel can answer; `reason` says why.

    Raises:
        TypeError, ValueError: no built decoder, NaN in its weights, arguments that do not fit it, more than `max_kb`.
    """

    _esm = script("decoder_explorer.js")
    _css = HERE / "decoder_explorer.css"

    _program = traitlets.List().tag(sync=True)
    _weights = traitlets.Bytes().tag(sync=True)
    _reason = traitlets.Unicode().tag(sync=True)
    _stand_in = traitlets.Bytes().tag(sync=True)
    _size = traitlets.List().tag(sync=True)
    _output = traitlets.Unicode().tag(sync=True)
    _inverted = traitlets.Bool().tag(sync=True)
    _points = traitlets.Bytes().tag(sync=True)
    _labels = traitlets.Bytes().tag(sync=True)
    _legend = traitlets.List().tag(sync=True)
    _background = traitlets.Bytes().tag(sync=True)
    _home = traitlets.List().tag(sync=True)
    origin = traitlets.List().tag(sync=True)
    z = traitlets.Any().tag(sync=True)
    plane = traitlets.Any().tag(sync=True)
    range = traitlets.Float().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    smooth = traitlets.Bool().tag(sync=True)

    def __init__(
        self,
        decoder,
        *,
        shape=None,
        output=None,
        origin=None,
        range=3,
        names=None,
        plane=(0, 1),
        points=None,
        labels=None,
        background=None,
        cmap="gray_r",
        title="",
        alt="",
        max_kb=300,
    ):
        self.decoder = decoder = getattr(decoder, "decoder", getattr(decoder, "generator", decoder))
        self.latent_dim = decoder_network.latent_dim_of(decoder, origin)
        decoder_network.check_weights(decoder)
        origin = self._code(np.zeros(self.latent_dim) if origin is None else origin, "origin")
        check_one_of(("gray_r", "gray"), cmap=cmap)
        check_one_of(("logits", "images", "signed", None), output=output)
        if not 0 < range < math.inf:
            raise ValueError(f"Expected range above 0, got {range}; 3 covers nearly all of N(0, 1).")
        names = [f"z{i + 1}" for i in np.arange(self.latent_dim)] if names is None else [str(name) for name in names]
        if len(names) != self.latent_dim:
            raise ValueError(f"Expected names for {self.latent_dim} latent dimensions, got {len(names)}.")
        raw = self._raw([origin])
        self._image_shape = decoder_network.image_shape(raw.shape[1:], shape)
        try:
            program, weights, reason = *decoder_network.steps(decoder), ""
        except decoder_network.NotPortable as found:
            program, weights, reason = [], b"", str(found)
        dots, classes, legend = dots_of(points, labels, self.latent_dim)
        ground = b"" if background is None else png(as_picture(background, "background"))
        size = sum(map(len, (weights, dots, classes, ground)))
        what = f"{len(weights) // 2:,} weights as float16"
        check_size(size, max_kb, what, "make the decoder narrower, or show fewer points")
        super().__init__(
            _program=program,
            _weights=weights,
            _reason=reason,
            _size=[*self._image_shape],
            _output=output or decoder_network.kind_of_output(program, raw),
            _inverted=cmap == "gray_r",
            _points=dots,
            _labels=classes,
            _legend=legend,
            _background=ground,
            origin=origin,
            z=origin,
            plane=plane,
            range=range,
            names=names,
            title=title,
            alt=alt or "What the decoder makes of the code",
            smooth=max(self._image_shape[:2]) > 128,
        )
        self._home = self.plane
        if self.live:
            self._stand_in = self.grid()

    @property
    def live(self) -> bool:
        """Whether only the kernel can decode."""
        return bool(self._reason)

    @property
    def reason(self) -> str:
        """Why the page cannot decode; empty if it can."""
        return self._reason

    def decode(self, z) -> np.ndarray:
        """The images of codes [n, latent_dim], in [0, 1]: [n, h, w] or [n, h, w, 3]."""
        raw = self._raw(z).astype(np.float64)
        if self._output == "logits":
            raw = 0.5 + 0.5 * np.tanh(raw / 2)
        elif self._output == "signed":
            raw = (raw + 1) / 2
        images = np.clip(raw, 0, 1).reshape(-1, *self._image_shape)
        return images[..., 0] if images.shape[-1] == 1 else images

    def grid(self, size=9, *, quantiles=False) -> bytes:
        """A PNG file of the plane, decoded at `size` x `size` codes; the other dimensions stay at `origin`.

        Args:
            quantiles: take codes at equal steps of the prior's probability, not of its values from -range to range.
        """
        ticks = np.linspace(-self.range, self.range, size)
        if quantiles:
            ticks = np.array([statistics.NormalDist().inv_cdf((i + 0.5) / size) for i in range(size)])
        i, j = self.plane
        z = np.tile(np.float32(self.origin), (size * size, 1))
        z[:, i], z[:, j] = np.tile(ticks, size), np.repeat(ticks[::-1], size)
        return plane_picture(self._shades(z), ticks, self.names[i], self.names[j])

    def __repr__(self):
        (h, w, channels), (i, j) = self._size, self.plane
        what = f"{w} x {h} pixels" + (" in color" if channels == 3 else "")
        where = f"{self.names[i]} and {self.names[j]} from {-self.range:g} to {self.range:g}"
        return f"DecoderExplorer({self.latent_dim} numbers to {what}; {where})"

    def stand_in(self):
        return self.grid(), f"{self.alt}, on a grid over {' and '.join(self.names[i] for i in self.plane)}"

    def draw(self, at):
        return as_picture(self._shades([at])[0], "what the decoder gives")

    def call(self, at):
        return "The decoder"

    def _raw(self, z):
        return np.asarray(self.decoder(np.asarray(z, np.float32), training=False))

    def _shades(self, z):
        images = self.decode(z)
        return 1 - images if images.ndim == 3 and self._inverted else images

    def _code(self, z, name) -> list[float]:
        values = np.asarray(z, np.float64)
        if values.shape != (self.latent_dim,) or not np.isfinite(values).all():
            raise ValueError(
                f"Expected {name} to be {self.latent_dim} finite numbers, one for each latent dimension, got {z!r:.80}."
            )
        return values.tolist()

    @traitlets.validate("z")
    def _check_z(self, proposal):
        return self._code(proposal["value"], "z")

    @traitlets.validate("plane")
    def _check_plane(self, proposal):
        plane = [int(i) for i in proposal["value"]]
        if len(plane) != 2 or plane[0] == plane[1] or not all(0 <= i < self.latent_dim for i in plane):
            raise ValueError(f"Expected plane to be two different dimensions below {self.latent_dim}, got {plane}.")
        return plane
