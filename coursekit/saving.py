"""`keras.models.load_model` finds the package's classes, though `import coursekit` loads no Keras.

Keras asks its registry for the classes of a file, by names such as "coursekit>VAE". They get there when their modules
are imported, which in a new session nobody has done yet. So a stand-in is put there, as soon as Keras is imported, for
each: asked to make an object, it imports the module, whose own class then takes its place.
"""

import importlib
import importlib.abc
import importlib.util
import sys

_REGISTRY = "keras.saving"
CLASSES = {
    "AdaIN": "models.adain",
    "AdaINLayer": "models.stylegan_layers",
    "Autoencoder": "models.autoencoder",
    "BidirectionalLSTM": "models.recurrent",
    "Causal": "models.causal",
    "CausalNetwork": "models.causal_networks",
    "Codeless": "models.text_vae",
    "ConditionalVAE": "models.conditional_vae",
    "ConvLSTM": "models.frames",
    "ConvLSTMCell": "models.frames",
    "Constant": "models.stylegan_layers",
    "Corrupt": "models.denoising",
    "DCGAN": "models.dcgan",
    "Decoder": "models.sequence_vae_networks",
    "DeepInfoMax": "models.infomax",
    "Dropout": "models.gan_networks",
    "EqualizedConv": "models.stylegan_layers",
    "EqualizedDense": "models.stylegan_layers",
    "FactorReader": "models.factor_reader",
    "GAN": "models.gan",
    "GatedConvolution": "models.causal_networks",
    "HierarchicalDecoder": "models.music_vae",
    "IWAE": "models.vae",
    "KLSparsity": "models.autoencoder",
    "LSTM": "models.recurrent",
    "LabelNoiseGAN": "models.dcgan",
    "LeNet": "models.lenet",
    "Maxout": "models.gan_networks",
    "MinibatchDeviation": "models.stylegan_layers",
    "ModulatedConv": "models.stylegan_layers",
    "NextFrame": "models.frames",
    "Noise": "models.stylegan_layers",
    "Normalize": "models.stylegan_layers",
    "PlainVAE": "models.soft_introvae",
    "RotNet": "models.rotnet",
    "SelfAttention": "models.causal_networks",
    "SequenceVAE": "models.sequence_vae",
    "SoftIntroVAE": "models.soft_introvae",
    "Stack": "models.recurrent",
    "Standardize": "models.encoders",
    "StyleGAN": "models.stylegan",
    "VAE": "models.vae",
    "leaky": "models.stylegan_layers",
}


class StandIn:
    """In the place of a class that is not imported yet."""

    def __init__(self, name):
        self.name = name

    def from_config(self, config):
        """What the class itself makes of the configuration."""
        importlib.import_module("coursekit.models")
        module = importlib.import_module(f"coursekit.{CLASSES[self.name]}")
        return getattr(module, self.name).from_config(config)


def register():
    """Put a stand-in into Keras's registry for each class that is not there yet."""
    registry = sys.modules[_REGISTRY].get_custom_objects()
    for name in CLASSES:
        registry.setdefault(f"coursekit>{name}", StandIn(name))


class _WhenImported(importlib.abc.MetaPathFinder):
    """Asked for Keras's registry, it lets the others find it, and has `register` called once it is there."""

    def find_spec(self, name, path=None, target=None):
        if name != _REGISTRY:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_and_register(module):
                run(module)
                register()

            spec.loader.exec_module = run_and_register
        return spec


def watch():
    """Register now if Keras is there, else as soon as it is imported."""
    if _REGISTRY in sys.modules:
        register()
    elif not any(isinstance(finder, _WhenImported) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WhenImported())
