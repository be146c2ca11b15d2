"""MusicVAE: melodies of two and of sixteen bars as points of a space (lecture 09).

Roberts, Engel, Raffel, Hawthorne and Eck, "A Hierarchical Latent Vector Model for Learning Long-Term Structure in
Music" (ICML 2018). The symbols of a melody are those of `coursekit.melodies`, sixteen a bar.
"""

import keras
from keras import layers, ops

from coursekit.arrays import check_one_of, check_positive
from coursekit.melodies import CLASSES, STEPS_PER_BAR
from coursekit.models import sequence_vae, sequence_vae_networks
from coursekit.models.recurrent import Stack
from coursekit.models.sequence_vae import SequenceVAE
from coursekit.models.sequence_vae_networks import Decoder

# latent_dim; units of each layer of the encoder (a direction), of a flat decoder, of a conductor, of a bar's decoder
SIZES = {
    "quick": {"latent_dim": 32, "reader": (128,), "writer": (128,), "conductor": (64,), "bar": (96,)},
    "small": {"latent_dim": 128, "reader": (256,), "writer": (256,), "conductor": (128,), "bar": (224,)},
    "paper": {
        "latent_dim": 512,
        "reader": (2048, 2048),
        "writer": (2048, 2048, 2048),
        "conductor": (1024, 1024),
        "bar": (1024, 1024),
    },
}


@keras.saving.register_keras_serializable("coursekit")
class HierarchicalDecoder(layers.Layer):
    """A conductor makes an embedding of each bar from the code; a decoder writes the bar from its embedding alone.

    Each bar begins anew: from a state that comes of its embedding, and without being told the bar before. What bars
    have in common has to go through the code. And the bars can be written side by side, as if each were a sequence.

    Args:
        bar: `Decoder` of one bar, whose codes are the embeddings.
        bars: how many. latent_dim: numbers in the code. widths: units of the conductor's layers.
        reminded: the conductor is given the code at each bar, as a flat decoder is at each step. Otherwise, as in the
            paper, it is given nothing, and all that it knows of the music is its first state.
    """

    def __init__(self, bar, bars, latent_dim, widths, reminded=False, **kwargs):
        super().__init__(**kwargs)
        check_positive(bars=bars)
        self.bar = keras.saving.deserialize_keras_object(bar) if isinstance(bar, dict) else bar
        self.bars, self.latent_dim, self.widths = bars, latent_dim, tuple(widths)
        self.symbols, self.steps, self.reminded = self.bar.symbols, bars * self.bar.steps, reminded
        self.conductor = Stack(latent_dim if reminded else 0, latent_dim, widths, name="conductor")
        self.embedding = layers.Dense(self.bar.latent_dim, activation="tanh", name="embedding")
        self.embedding.build((None, self.widths[-1]))
        self.built = True

    def embeddings(self, z):
        """An embedding of each bar, [n, bars, bar.latent_dim], from codes [n, latent_dim]."""
        drive = self.conductor.drive(*([z] if self.reminded else []))
        drives = ops.broadcast_to(drive, (self.bars, ops.shape(z)[0], 4 * self.widths[0]))
        return ops.transpose(self.embedding(self.conductor.run(drives, z)), (1, 0, 2))

    def bars_from(self, embeddings, told):
        """Logits of each bar, [n, bars, steps of a bar, symbols], by teacher forcing.

        Args:
            embeddings: [n, bars, bar.latent_dim]. told: symbols [n, steps].
        """
        logits = self.bar(self._rows(embeddings), ops.reshape(told, (-1, self.bar.steps)))
        return ops.reshape(logits, (-1, self.bars, self.bar.steps, self.symbols))

    def call(self, z, told):
        """Logits [n, steps, symbols] by teacher forcing. z: [n, latent_dim]. told: symbols [n, steps]."""
        return ops.reshape(self.bars_from(self.embeddings(z), told), (-1, self.steps, self.symbols))

    def generate(self, z, u, temperature, given):
        """As `Decoder.generate`, all bars side by side."""
        by_bar = lambda array: ops.reshape(array, (-1, self.bar.steps))
        drawn = self.bar.generate(self._rows(self.embeddings(z)), by_bar(u), temperature, by_bar(given))
        return ops.reshape(drawn, (-1, self.steps))

    def _rows(self, embeddings):
        return ops.reshape(embeddings, (-1, self.bar.latent_dim))

    def compute_output_shape(self, z_shape, told_shape):
        return (z_shape[0], self.steps, self.symbols)

    def get_config(self):
        sizes = {"bars": self.bars, "latent_dim": self.latent_dim, "widths": list(self.widths)}
        sizes |= {"reminded": self.reminded}
        return {**super().get_config(), "bar": keras.saving.serialize_keras_object(self.bar), **sizes}


def flat(bars=2, size="small", **options):
    """One LSTM writes all bars.

    Args:
        bars: 2 or 16 in the paper. size: "quick", "small" or "paper".
        options: of `sequence_vae.lstm`, instead of the size's own, and of `SequenceVAE`.
    """
    check_positive(bars=bars)
    return sequence_vae.lstm(CLASSES, bars * STEPS_PER_BAR, **_of(size, "latent_dim", "reader", "writer") | options)


def hierarchical(bars=16, size="small", embedding=None, reminded=False, **options):
    """A conductor makes an embedding of each bar, and another LSTM writes the bar from it.

    Args:
        bars: 16 in the paper. size: "quick", "small" or "paper".
        embedding: numbers in the embedding of a bar; as many as in the code, if omitted.
        reminded: give the code to the conductor at each bar (`HierarchicalDecoder`).
        options: `latent_dim`, `reader`, `conductor` or `bar` (units of their layers), and those of `SequenceVAE`.
    """
    check_positive(bars=bars)
    options = _of(size, "latent_dim", "reader", "conductor", "bar") | options
    latent_dim, reader, conductor, bar = (options.pop(k) for k in ("latent_dim", "reader", "conductor", "bar"))
    encoder = sequence_vae_networks.encoder(CLASSES, bars * STEPS_PER_BAR, latent_dim, reader)
    decoder = Decoder(CLASSES, STEPS_PER_BAR, embedding or latent_dim, bar, name="bar")
    hierarchy = HierarchicalDecoder(decoder, bars, latent_dim, conductor, reminded, name="decoder")
    return SequenceVAE(encoder, hierarchy, **options)


def _of(size, *names):
    check_one_of(tuple(SIZES), size=size)
    return {name: SIZES[size][name] for name in names}
