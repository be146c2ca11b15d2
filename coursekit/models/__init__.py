"""The systems of the lectures, one file each, named as their papers name them.

Where things are, and where those of a new system go:

- `SYSTEM.py`: the model, in the order of the derivation, and functions that build it in the sizes of a paper or a
  lecture (`vae.dense`, `dcgan.paper`). Such a function writes a plain stack of layers itself (autoencoder, denoising,
  rotnet, lenet).
- `SYSTEM_networks.py`: networks that need more than that, layers of their own or many settings. Its functions know no
  model; they return the networks in the order in which the model takes them: (encoder, decoder) or (generator,
  discriminator).
- `SYSTEM_layers.py`, where those are many (`stylegan_layers.py`).
- `SYSTEM_losses.py`, where the losses are a choice (`gan_losses.py`).
- Shared by several systems: `encoders.py` (of RotNet and Deep InfoMax), `recurrent.py` (LSTM), `augmentation.py`
  (random changes of images), `mutual_information.py` (its estimators), `factor_reader.py` (judges portraits),
  `checks.py` (of data and settings), `contracts.py` (what each system asks of the networks that it is given).
"""

from coursekit.training import backend

backend.load()  # before any of them imports keras, so that no log line gets into a notebook

from coursekit.models import (  # noqa: E402
    adain,
    autoencoder,
    causal,
    conditional_vae,
    dcgan,
    denoising,
    encoders,
    factor_reader,
    frames,
    gan,
    infomax,
    lenet,
    music_vae,
    rotnet,
    sequence_vae,
    soft_introvae,
    style,
    stylegan,
    text_vae,
    vae,
)
from coursekit.models.adain import AdaIN  # noqa: E402
from coursekit.models.autoencoder import Autoencoder  # noqa: E402
from coursekit.models.causal import Causal  # noqa: E402
from coursekit.models.conditional_vae import ConditionalVAE  # noqa: E402
from coursekit.models.dcgan import DCGAN  # noqa: E402
from coursekit.models.factor_reader import FactorReader  # noqa: E402
from coursekit.models.frames import ConvLSTM, NextFrame  # noqa: E402
from coursekit.models.gan import GAN  # noqa: E402
from coursekit.models.infomax import DeepInfoMax  # noqa: E402
from coursekit.models.lenet import LeNet  # noqa: E402
from coursekit.models.rotnet import RotNet  # noqa: E402
from coursekit.models.sequence_vae import SequenceVAE  # noqa: E402
from coursekit.models.soft_introvae import PlainVAE, SoftIntroVAE  # noqa: E402
from coursekit.models.style import StyleTransfer  # noqa: E402
from coursekit.models.stylegan import StyleGAN  # noqa: E402
from coursekit.models.text_vae import Codeless  # noqa: E402
from coursekit.models.vae import IWAE, VAE  # noqa: E402

__all__ = [
    "DCGAN",
    "GAN",
    "IWAE",
    "VAE",
    "AdaIN",
    "Autoencoder",
    "Causal",
    "Codeless",
    "ConditionalVAE",
    "ConvLSTM",
    "DeepInfoMax",
    "FactorReader",
    "LeNet",
    "NextFrame",
    "PlainVAE",
    "RotNet",
    "SequenceVAE",
    "SoftIntroVAE",
    "StyleGAN",
    "StyleTransfer",
    "adain",
    "autoencoder",
    "causal",
    "conditional_vae",
    "dcgan",
    "denoising",
    "encoders",
    "factor_reader",
    "frames",
    "gan",
    "infomax",
    "lenet",
    "music_vae",
    "rotnet",
    "sequence_vae",
    "soft_introvae",
    "style",
    "stylegan",
    "text_vae",
    "vae",
]
