"""Variational autoencoders of lines of text (lecture 17), and the same decoder without a code.

Bowman et al., "Generating Sentences from a Continuous Space" (CoNLL 2016), here letter by letter. A line is a row of
symbols of `coursekit.letters`, and STOP stands after it up to the fixed length (`letters.lines`).
"""

import keras
import numpy as np
from keras import ops

from coursekit.letters import CLASSES
from coursekit.models import sequence_vae, sequence_vae_networks
from coursekit.models.sequence_vae import SequenceVAE


@keras.saving.register_keras_serializable("coursekit")
class Codeless(SequenceVAE):
    """A `SequenceVAE` whose code is 0 for every sequence: a language model, whose bound is its likelihood.

    Args:
        encoder: is not asked, and does not learn. decoder, options: of `SequenceVAE`.
    """

    def __init__(self, encoder, decoder, **options):
        encoder.trainable = False
        super().__init__(encoder, decoder, **options)

    def encode(self, x):
        """Zeros, twice [n, latent_dim]: the mean and the log-variance of the prior, so that the divergence is 0."""
        self._check_shape(ops.shape(x))
        nothing = ops.zeros((ops.shape(x)[0], self.latent_dim))
        return nothing, nothing

    def reparameterize(self, mean, log_variance, samples=1, seed=None):
        """Zeros, [samples, n, latent_dim]."""
        return ops.zeros((samples, *ops.shape(mean)))

    def codes(self, x, batch_size=500):
        """Zeros, NumPy [n, latent_dim]."""
        self._check_symbols(x)
        return np.zeros((len(x), self.latent_dim), "float32")


def lstm(steps=41, latent_dim=32, reader=(64,), writer=(160,), coded=True, **options):
    """A bidirectional LSTM to the code of a line, and an LSTM back.

    Args:
        steps: of a padded line. latent_dim: numbers in the code.
        reader: units of the encoder's layers, of each direction. writer: of the decoder's layers.
        coded: False for the decoder alone, a `Codeless`. options: of `SequenceVAE`.
    """
    if coded:
        return sequence_vae.lstm(CLASSES, steps, latent_dim, reader, writer, **options)
    encoder = sequence_vae_networks.encoder(CLASSES, steps, latent_dim, (1,))
    return Codeless(encoder, sequence_vae_networks.Decoder(CLASSES, steps, latent_dim, writer), **options)
