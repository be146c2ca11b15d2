"""`Assembled`: a `Model` made of networks that are given to it, which Keras saves and loads with them."""

import keras
import numpy as np

from coursekit.training.model import Model


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
            **{name: part and keras.saving.serialize_keras_object(part) for name, part in networks.items()},
            **{name: self._setting(name) for name in self.settings},
        }

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
        networks = {name: part and keras.saving.deserialize_keras_object(part) for name, part in networks.items()}
        return cls(**config | networks)


def _plain(value):
    """NumPy's numbers as Python's own, which a file can hold."""
    return value.item() if isinstance(value, np.generic) else value
