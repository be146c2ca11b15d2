"""What each model asks of its networks, beyond what `training.networks` asks of all: how they fit together, and what
they end in.

Each function is called by its model; its ValueErrors say what was expected, what came, and what to change.
"""

import warnings

import keras
import numpy as np

from coursekit.models.checks import check_square
from coursekit.training import networks, trainable


def autoencoder(encoder, decoder):
    """The two of an `Autoencoder`, which may also be built later, by the first minibatch, or be layers."""
    for network, role in ((encoder, "encoder"), (decoder, "decoder")):
        networks.check_network(network, role, keras.Layer)
        networks.check_takes_images(network, role)
    if all(isinstance(network, keras.Model) and network.built for network in (encoder, decoder)):
        _, code = networks.sizes_of(encoder, "encoder")
        taken, _ = networks.sizes_of(decoder, "decoder")
        _check_fit(taken, code, "a decoder that takes the encoder's codes", "Change the keras.Input of the decoder.")


def reconstruction(decoder, loss):
    """What an `Autoencoder` is compiled with: a cross-entropy takes probabilities, or logits where it says so."""
    kind, name = getattr(loss, "__name__", type(loss).__name__), networks.ending(decoder)
    if kind not in ("binary_crossentropy", "BinaryCrossentropy"):
        if kind in ("mean_squared_error", "MeanSquaredError") and name in ("tanh", "softmax"):
            _warn_of_images(decoder, name)
    elif getattr(loss, "from_logits", False):
        networks.check_logits(decoder, "decoder", f"{kind} with from_logits=True applies the sigmoid itself")
    elif name and networks.RANGES.get(name) != (0.0, 1.0):
        raise ValueError(
            f"Expected the decoder to end in a sigmoid, as the binary cross-entropy takes probabilities, got "
            f"{decoder.name!r}, which ends in {name}. End it in a sigmoid, or compile with loss='mse', or with "
            "keras.losses.BinaryCrossentropy(from_logits=True) if it ends in a linear layer."
        )
    elif name == "softmax":
        _warn_of_images(decoder, name)


def _warn_of_images(decoder, name):
    makes = {"tanh": "numbers from -1 to 1", "softmax": "pixels that sum to 1"}[name]
    warnings.warn(
        f"Expected the decoder to end in a sigmoid or a linear layer, for images in [0, 1], got {decoder.name!r}, "
        f"which ends in {name} and makes {makes}.",
        stacklevel=4,
    )


def gan(model, generator, discriminator, loss, signed):
    """(latent_dim, shape of the samples) of a `GAN`. discriminator: may be None."""
    noise, shape = networks.sizes_of(generator, "generator")
    latent_dim = _latent_dim(noise, generator, "generator", "noise")
    if signed and networks.range_of(generator) not in (None, (-1.0, 1.0)):
        raise ValueError(
            f"Expected with signed=True a generator of samples in [-1, 1], got {generator.name!r}, which ends in "
            f"{networks.ending(generator)}. End it in tanh, or leave signed out."
        )
    if discriminator is None:
        return latent_dim, shape
    taken, answer = networks.sizes_of(discriminator, "discriminator")
    advice = "The generator comes first, and the discriminator ends in Flatten and Dense(1)."
    _check_fit(answer, (1,), "a discriminator that answers with one logit", advice)
    advice = "Change the last layer of the generator, or the keras.Input of the discriminator."
    _check_fit(shape, taken, "a generator of samples of the discriminator's shape", advice)
    trainable.check_apart(generator, discriminator, ("generator", "discriminator"))
    if _own(model, "discriminator_loss", "generator_loss", "train_on"):
        networks.check_logits(discriminator, "discriminator", f"the loss {loss!r} is of logits")
    return latent_dim, shape


def style_based(generator):
    """(number of layers that take a style, pixels of the noise of all layers) of a `StyleGAN`'s generator."""
    named = {layer.name: layer for layer in generator.layers}
    parts = [named.get(name) for name in ("mapping", "synthesis")]
    if not all(isinstance(part, keras.Model) for part in parts) or len(parts[1].inputs) != 2:
        raise ValueError(
            f"Expected a generator with two models as its layers, 'mapping' and 'synthesis' (of styles and noise), got "
            f"{generator.name!r} with {', '.join(named)}. `stylegan.paper` makes one; a GAN takes any other."
        )
    styles, noise = (each.shape for each in parts[1].inputs)
    if len(styles) != 3 or len(noise) != 2 or parts[0].output_shape[1:] != styles[2:]:
        raise ValueError(
            f"Expected a synthesis of styles [n, layers, numbers in w] and noise [n, pixels], got one of "
            f"{networks.said([styles[1:], noise[1:]])}, with a mapping to {networks.said([parts[0].output_shape[1:]])}."
        )
    return styles[1], noise[1]


def within_reach(generator, x):
    """Raise ValueError for data that a GAN's generator cannot make, whatever it learns; warn of half its range."""
    reach, name = networks.range_of(generator), networks.ending(generator)
    if reach is None:
        return
    low, high = float(np.min(x)), float(np.max(x))
    if low < reach[0] - 0.01 or high > reach[1] + 0.01:
        raise ValueError(
            f"Expected data from {reach[0]:g} to {reach[1]:g}, which is all that the generator can make, as it ends in "
            f"{name}, got values from {low:g} to {high:g}. Scale the data, or end the generator in another way."
        )
    if reach[0] < 0 <= low:
        warnings.warn(
            f"Expected data from -1 to 1, as the generator ends in {name}, got values from {low:g} to {high:g}. For "
            "images in [0, 1] make the GAN with signed=True, or end the generator in a sigmoid.",
            stacklevel=3,
        )


def vae(model, encoder, decoder):
    """(latent_dim, shape of the images) of a `VAE`."""
    latent_dim, shape = _encoder_and_decoder(encoder, decoder, "images")
    networks.check_takes_images(encoder, "encoder")
    if _own(model, "train_on", "objective", "log_likelihood", "logits"):
        networks.check_logits(decoder, "decoder", "log p(x|z) and decode() apply the sigmoid themselves")
    if _own(model, "encode") and networks.range_of(encoder):
        warnings.warn(
            f"Expected the encoder to end in a layer without activation, got {encoder.name!r}, which ends in "
            f"{networks.ending(encoder)}: neither means nor log-variances can then be any numbers.",
            stacklevel=4,
        )
    return latent_dim, shape


def soft_introvae(model, encoder, decoder, output):
    """(latent_dim, shape of the data) of a `PlainVAE` or `SoftIntroVAE`."""
    latent_dim, shape = _encoder_and_decoder(encoder, decoder, "data")
    if output == "sigmoid":
        networks.check_takes_images(encoder, "encoder")
        if _own(model, "decode", "train_on"):
            networks.check_logits(decoder, "decoder", 'with output="sigmoid", decode() applies the sigmoid itself')
    trainable.check_apart(encoder, decoder, ("encoder", "decoder"))
    return latent_dim, shape


def _encoder_and_decoder(encoder, decoder, data):
    """(latent_dim, shape of the data) of an encoder to means and log-variances, and a decoder back. data: in words."""
    (shape, codes), (code, rebuilt) = networks.sizes_of(encoder, "encoder"), networks.sizes_of(decoder, "decoder")
    latent_dim = _latent_dim(code, decoder, "decoder", "codes")
    both = f"an encoder with the means and log-variances of the decoder's {latent_dim} inputs as outputs"
    advice = f"End the encoder in Dense({2 * latent_dim}) without an activation: the means, then the log-variances."
    _check_fit(codes, (2 * latent_dim,), both, advice)
    advice = "Change the last layer of the decoder, or the keras.Input of the encoder."
    _check_fit(rebuilt, shape, f"a decoder that answers with the encoder's {data}", advice)
    return latent_dim, shape


def sequence_vae(encoder, decoder):
    """(latent_dim, shape of the sequences) of a `SequenceVAE`. decoder: a layer that says its sizes."""
    (shape, codes), latent_dim = networks.sizes_of(encoder, "encoder"), decoder.latent_dim
    both = f"an encoder with the means and log-variances of the decoder's {latent_dim} inputs as outputs"
    _check_fit(codes, (2 * latent_dim,), both, f"End the encoder in Dense({2 * latent_dim}).")
    advice = "Give both the same number of steps."
    _check_fit(shape, (decoder.steps,), "an encoder of sequences as long as the decoder's", advice)
    return latent_dim, shape


def rotnet(model, network, turns):
    """The shape of the images of a `RotNet`."""
    shape, answers = networks.sizes_of(network, "network")
    check_square(shape)
    networks.check_takes_images(network, "network")
    if answers != (len(turns),):
        raise ValueError(
            f"Expected a network with one output for each of {len(turns)} turns, {turns}, got one with "
            f"{' x '.join(map(str, answers))}. End it in Flatten and Dense({len(turns)})."
        )
    if _own(model, "loss_on", "train_on"):
        networks.check_logits(network, "network", "the loss applies the softmax itself", one_sided=False)
    return shape


def lenet(model, body, head):
    """(shape of the images, number of classes) of a `LeNet`."""
    (shape, features), (taken, classes) = networks.sizes_of(body, "body"), networks.sizes_of(head, "head")
    if len(shape) != 3:
        raise ValueError(
            f"Expected the body to take images [n, height, width, channels], got {body.name!r}, which takes "
            f"{networks.said([shape])}. Begin it with keras.Input((28, 28, 1)), say, and Flatten."
        )
    _check_fit(taken, features, "a head on the body's features", "Change the keras.Input of the head.")
    networks.check_takes_images(body, "body")
    if _own(model, "loss_and_logits", "train_on"):
        networks.check_logits(head, "head", "the loss applies the softmax itself", one_sided=False)
    return shape, classes[-1]


def adain(features, decoder, level):
    """Of an `AdaIN`: features with several maps, and a decoder from those of a level back to pictures."""
    networks.check_network(features, "features")
    shapes = [tuple(each.shape[1:]) for each in features.outputs]
    if level not in range(len(shapes)):
        raise ValueError(f"Expected a level from 0 to {len(shapes) - 1}, a map of the features, got {level!r}.")
    taken, made = networks.sizes_of(decoder, "decoder")
    advice = "Give adain.decoder() the channels of that layer."
    _check_fit(taken, shapes[level], "a decoder from maps of the features' level", advice)
    advice = "End it in as many channels as the features take."
    _check_fit(made, features.inputs[0].shape[1:], "a decoder to pictures", advice)


def infomax(encoder, gamma):
    """(shape of the images, numbers in a code) of a `DeepInfoMax`, which takes the encoder's layers apart."""
    shape, code = networks.sizes_of(encoder, "encoder")
    networks.check_taken_apart(encoder, "encoder")
    if len(shape) != 3 or None in shape or len(code) != 1:
        raise ValueError(
            f"Expected an encoder from images of one size [n, height, width, channels] to codes [n, d], got "
            f"{encoder.name!r}, from {networks.said([shape])} to {networks.said([code])}. Begin it with keras.Input of "
            "all three sizes, and end it in Flatten and a dense layer."
        )
    networks.check_takes_images(encoder, "encoder")
    if gamma:
        networks.check_logits(encoder, "encoder", "the adversary is shown sigmoid(code), to be uniform from 0 to 1")
    return shape, code[0]


def _own(model, *methods):
    """Whether all these methods are the package's own: who writes another loss may want other networks for it."""
    # A function made by exec(), as in a notebook's cell that is run by a test, may have no module.
    return all((getattr(type(model), name).__module__ or "").startswith("coursekit.") for name in methods)


def _check_fit(shape, expected, what, advice):
    if not networks.fits(shape, expected):
        raise ValueError(f"Expected {what}, {tuple(expected)}, got {tuple(shape)}. {advice}")


def _latent_dim(shape, network, role, taken):
    if len(shape) != 1 or shape[0] is None:
        raise ValueError(
            f"Expected the {role} to take {taken} [n, latent_dim], got {network.name!r}, which takes "
            f"{networks.said([shape])}. Begin it with keras.Input((latent_dim,)) and a Reshape."
        )
    return shape[0]
