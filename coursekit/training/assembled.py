"""`Assembled`: a `Model` made of networks that are given to it, which Keras saves and loads with them."""

import keras
import numpy as np

from coursekit.training.model import Model
from coursekit.training.networks import reason


class Assembled(Model):
    """A `Model` whose constructor takes networks and settings, and which names them for Keras's files:

        class VAE(Assembled):
            parts = ("encoder", "decoder")
            settings = ("samples", "beta")

    Attributes:
        parts: names of the arguments that are networks (or None), kept as attributes of the same names.
        settings: names of the other arguments, kept as attributes of the same names; where that name is taken, as
            `loss` is by Keras, with `_name` appended. Numbers, strings, tuples of them, or scalar variables.
    """

    parts: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()

    def get_config(self):
        networks = {name: getattr(self, name) for name in self.parts}
        return {
            **super().get_config(),
            **{name: part and self._serialized(name, part) for name, part in networks.items()},
            **{name: self._setting(name) for name in self.settings},
        }

    @staticmethod
    def _serialized(name, network):
        try:
            return keras.saving.serialize_keras_object(network)
        except NotImplementedError:
            raise ValueError(
                f"Expected the {name} to say how it is made, got {network.name!r}, whose class "
                f"{type(network).__name__} has arguments that Keras cannot write into a file. Give the class a "
                "get_config() that returns them, or keep the weights alone: save_weights(PATH)."
            ) from None

    def _setting(self, name):
        value = getattr(self, f"{name}_name") if hasattr(self, f"{name}_name") else getattr(self, name)
        if isinstance(value, keras.Variable):
            return float(keras.ops.convert_to_numpy(value.value))
        if isinstance(value, tuple):
            return [_plain(each) for each in value]
        return _plain(value)

    @classmethod
    def from_config(cls, config):
        networks = {name: config[name] for name in cls.parts}
        networks = {name: part and cls._deserialized(name, part) for name, part in networks.items()}
        return cls(**config | networks)

    @staticmethod
    def _deserialized(name, config):
        try:
            return keras.saving.deserialize_keras_object(config)
        except TypeError as error:
            kind = config["class_name"]
            raise ValueError(
                f"Expected the classes of the {name} to be known to Keras, got {kind!r}, of which it cannot make one. "
                "Decorate each class of your own with @keras.saving.register_keras_serializable(), and define or "
                f"import it before load_model(); let its __init__ take **kwargs, for super(). ({reason(error)})"
            ) from error


def _plain(value):
    """NumPy's numbers as Python's own, which a file can hold."""
    return value.item() if isinstance(value, np.generic) else value
