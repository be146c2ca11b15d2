"""The networks of `infomax.py` beside the encoder: the scorer and the adversary."""

import keras
from keras import layers

from coursekit.models import encoders


def scorer(encoder, local, alpha, beta, units):
    """The encoder, and networks that bring codes and images to vectors whose dot products are the scores.

    Args:
        encoder, local, alpha, beta: as of `DeepInfoMax`. units: numbers in each vector.
    Returns:
        Functional model from images [n, ...] to a dictionary: "code" [n, d], the encoder's output; with beta also
        "code_for_places" [n, units] and "places" [n, places, units]; with alpha also "code_for_image" and "image", both
        [n, units].
    Raises:
        ValueError: `local` is no map of the encoder.
    """
    names = [layer.name for layer in encoder.layers]
    if local not in names or len(encoder.get_layer(local).output.shape) != 4:
        raise ValueError(f"Expected local to be a map of the encoder, one of {', '.join(names)}, got {local!r}.")
    code, place = encoder.outputs[0], encoder.get_layer(local).output
    outputs = {"code": code}
    if beta:
        places = layers.Reshape((-1, place.shape[-1]))(place)  # a dense layer at each place is a 1x1 convolution
        outputs |= {"places": projection(places, units), "code_for_places": projection(code, units)}
    if alpha:
        outputs |= {"image": projection(layers.Flatten()(place), units), "code_for_image": projection(code, units)}
    return keras.Model(encoder.inputs[0], outputs, name="scorer")


def projection(x, units):
    """One hidden layer beside a shortcut that starts as the identity: [..., inputs] -> [..., units]."""
    hidden = encoders.dense_unit(x, units)
    shortcut = layers.Dense(units, use_bias=False, kernel_initializer="identity")(x)
    return layers.LayerNormalization()(layers.Add()([layers.Dense(units)(hidden), shortcut]))


def adversary(inputs, widths):
    """Dense layers from codes [n, inputs] to logits [n, 1], positive for what it takes for uniform draws."""
    hidden = [layers.Dense(width, activation="relu") for width in widths]
    return keras.Sequential([keras.Input((inputs,)), *hidden, layers.Dense(1)], name="adversary")
