"""Variational autoencoders of lines of text (lecture 18), and the same decoder without a code.

Bowman et al., "Generating Sentences from a Continuous Space" (CoNLL 2016), here letter by letter. A line is a row of
symbols of `coursekit.letters`, and STOP stands after it up to the fixed length (`letters.lines`).
"""

import keras
from keras import ops

from coursekit.letters import CLASSES
from coursekit.models import sequence_vae, sequence_vae_networks
from coursekit.models.sequence_vae import SequenceVAE


@keras.saving.register_keras_serializable("coursekit")
class Codeless(SequenceVAE):
    """A `SequenceVAE` whose decoder is told the code 0 of every sequence: a language model of the same size.

    Args:
        encoder: `prior`, so that the divergence is 0, and the bound is the likelihood. decoder, options: of
            `SequenceVAE`.
    """

    def reparameterize(self, mean, log_variance, samples=1, seed=None):
        """Zeros, [samples, n, latent_dim]."""
        return ops.zeros((samples, *ops.shape(mean)))


def prior(steps, latent_dim):
    """An encoder without weights, which answers N(0, I) whatever it reads: a model from symbols [n, steps] to zeros
    [n, 2 * latent_dim]."""
    x = keras.Input((steps,), dtype="int32")
    return keras.Model(x, ops.zeros_like(ops.repeat(ops.cast(x[:, :1], "float32"), 2 * latent_dim, axis=1)))


def lstm(steps=41, latent_dim=32, reader=(48,), writer=(128,), coded=True, **options):
    """A bidirectional LSTM to the code of a line, and an LSTM back.

    Args:
        steps: of a padded line. latent_dim: numbers in the code.
        reader: units of the encoder's layers, of each direction. writer: of the decoder's layers.
        coded: False for the decoder alone, a `Codeless`. options: of `SequenceVAE`.
    """
    if coded:
        return sequence_vae.lstm(CLASSES, steps, latent_dim, reader, writer, **options)
    decoder = sequence_vae_networks.Decoder(CLASSES, steps, latent_dim, writer)
    return Codeless(prior(steps, latent_dim), decoder, **options)
