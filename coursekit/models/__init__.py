"""The systems of the lectures, one file each, named as their papers name them."""

from coursekit.training import backend

backend.load()  # before any of them imports keras, so that no log line gets into a notebook

from coursekit.models import autoencoder, dcgan, denoising, encoders, gan, infomax, lenet, rotnet, vae  # noqa: E402
from coursekit.models.autoencoder import Autoencoder  # noqa: E402
from coursekit.models.dcgan import DCGAN  # noqa: E402
from coursekit.models.gan import GAN  # noqa: E402
from coursekit.models.infomax import DeepInfoMax  # noqa: E402
from coursekit.models.lenet import LeNet  # noqa: E402
from coursekit.models.rotnet import RotNet  # noqa: E402
from coursekit.models.vae import IWAE, VAE  # noqa: E402

__all__ = [
    "DCGAN",
    "GAN",
    "IWAE",
    "VAE",
    "Autoencoder",
    "DeepInfoMax",
    "LeNet",
    "RotNet",
    "autoencoder",
    "dcgan",
    "denoising",
    "encoders",
    "gan",
    "infomax",
    "lenet",
    "rotnet",
    "vae",
]
