"""A Keras decoder as a list of steps and float16 numbers, for decoder_network.js to compute with.

Layers are known by the names of their classes, so that no Keras is imported here.
"""

import math

import numpy as np

ACTIVATIONS = ("linear", "relu", "leaky_relu", "elu", "silu", "sigmoid", "tanh", "softplus", "gelu")
_IDLE = ("InputLayer", "Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "ActivityRegularization")


class NotPortable(Exception):
    """The page cannot compute this decoder; the message says which part of it."""


def latent_dim_of(decoder, origin) -> int:
    """How many numbers a code of `decoder` has. Raises TypeError or ValueError if it is no built decoder."""
    if isinstance(decoder, type) or not callable(decoder) or not hasattr(decoder, "get_weights"):
        got = f"the class {decoder.__name__}" if isinstance(decoder, type) else type(decoder).__name__
        raise TypeError(f"Expected a Keras model from codes to images, or an object with a .decoder, got {got}.")
    if not decoder.built:
        raise ValueError(
            "Expected a built decoder, got one without weights; begin it with keras.Input((latent_dim,)), or call it "
            "once on a code."
        )
    shape = _taken(decoder)
    if shape is None and origin is None:
        raise ValueError("Expected a decoder that knows its input's shape, got none; pass origin, a code to begin at.")
    shape = (None, len(origin)) if shape is None else shape
    if len(shape) != 2 or shape[1] is None or shape[1] < 2:
        raise ValueError(f"Expected a decoder of codes [n, latent_dim], latent_dim at least 2, got input {shape}.")
    return shape[1]


def _taken(decoder):
    """The shape of a decoder's input with the number of examples, None if it is not known."""
    for side in ("input", "output"):
        shape = getattr(decoder, f"{side}_shape", None) or ()
        if isinstance(shape, dict) or (shape and isinstance(shape[0], (tuple, list))):
            raise ValueError(f"Expected a decoder with one {side}, got one with {len(shape)}; keep one of them.")
    return getattr(decoder, "input_shape", None)


def image_shape(given, wanted) -> tuple[int, int, int]:
    """(h, w, channels) of images that come in the shape `given`, without the batch axis."""
    if wanted is None:
        wanted = given
        if len(given) == 1:
            channels = 1 if math.isqrt(given[0]) ** 2 == given[0] else 3
            wanted = (math.isqrt(given[0] // channels),) * 2 + (channels,)
    wanted = (*wanted, 1) if len(wanted) == 2 else tuple(wanted)
    if len(wanted) != 3 or wanted[2] not in (1, 3) or math.prod(wanted) != math.prod(given):
        raise ValueError(
            f"Expected a decoder of images [h, w], [h, w, 1 or 3] or rows of a square's pixels, got {tuple(given)} and "
            f"the shape {wanted}; pass shape=(h, w) or (h, w, 3) for other rows."
        )
    return wanted


def check_weights(decoder):
    """Raises ValueError for a weight that is NaN or infinite."""
    for i, weight in enumerate(decoder.get_weights()):
        if not np.isfinite(weight).all():
            raise ValueError(
                f"Expected finite weights, got {np.count_nonzero(~np.isfinite(weight))} of {weight.size} NaN or "
                f"infinite in weight {i} of the decoder; train it again, with a smaller learning rate."
            )


def kind_of_output(program, raw) -> str:
    """By the last activation; by the values `raw` where there is no program."""
    if not program:
        return "images" if raw.min() >= 0 and raw.max() <= 1 else "logits"
    last = program[-1]
    return {"linear": "logits", "tanh": "signed"}.get(last.get("name", "linear"), "images")


def steps(decoder) -> tuple[list[dict], bytes]:
    """What to compute for one code, in order, and the numbers needed, as little-endian float16, in the same order.

    Each step has a kind, its input's and output's shapes, `from` and `shape` (without the batch axis), and settings:
    "dense" (bias), "conv" and "transposed" (kernel [rows, columns], stride, how many rows and columns of padding come
    before the first, bias), "normalize" (center, scale, epsilon), "upsample" (size) and "activate" (name, slope).

    Raises:
        NotPortable: a layer, a setting or a branch that decoder_network.js does not know, or a weight beyond float16.
    """
    chain = _chain(decoder)
    shape, program, numbers = tuple(decoder.input_shape[1:]), [], []
    for layer in chain:
        for step in _steps_of(layer, layer.get_config(), shape):
            if step["kind"] != "reshape":
                program.append({"from": list(shape), **step})
            shape = tuple(step["shape"])
        for weight in layer.get_weights():
            if np.abs(weight).max(initial=0) > np.finfo(np.float16).max:
                raise NotPortable(f"weights beyond 65,504 in the layer {layer.name!r}")
            numbers.append(np.asarray(weight, "<f2").tobytes())
    return program, b"".join(numbers)


def _chain(model) -> list:
    kind = type(model).__name__
    if kind not in ("Sequential", "Functional"):
        raise NotPortable(f"a model of the class {kind}, whose call only Python can run")
    if kind == "Functional":
        _check_unbranched(model)
        own = {layer.name for layer in model.layers}
        if others := [layer for layer in model.get_config()["layers"] if layer["config"]["name"] not in own]:
            raise NotPortable(f"the operation {others[0]['class_name']}")
    flat = []
    for layer in model.layers:
        flat += _chain(layer) if hasattr(layer, "layers") else [layer]
    return flat


def _check_unbranched(model):
    before = None
    for layer in model.get_config()["layers"]:
        heard = [name for node in layer["inbound_nodes"] for name in _names_of_inputs(node)]
        if heard != ([before] if before else []):
            raise NotPortable(f"a branch at the layer {layer['config']['name']!r}")
        before = layer["config"]["name"]


def _names_of_inputs(part) -> list[str]:
    if isinstance(part, dict):
        if part.get("class_name") == "__keras_tensor__":
            return [part["config"]["keras_history"][0]]
        part = list(part.values())
    return [name for child in part for name in _names_of_inputs(child)] if isinstance(part, list | tuple) else []


def _steps_of(layer, config, shape) -> list[dict]:
    kind = type(layer).__name__
    refuse = lambda setting: NotPortable(f"{kind} {setting} (layer {layer.name!r})")
    if kind in _IDLE:
        return []
    if kind == "Flatten":
        return [{"kind": "reshape", "shape": [math.prod(shape)]}]
    if kind == "Reshape":
        known = -math.prod(size for size in config["target_shape"])
        target = [math.prod(shape) // known if size == -1 else size for size in config["target_shape"]]
        return [{"kind": "reshape", "shape": target}]
    if kind == "Dense":
        step = {"kind": "dense", "shape": [*shape[:-1], config["units"]], "bias": config["use_bias"]}
        return [step, *_activation(config["activation"], step["shape"], refuse)]
    if kind in ("Conv2D", "Conv2DTranspose"):
        plain = config["data_format"] == "channels_last" and tuple(config["dilation_rate"]) == (1, 1)
        if not plain or config.get("groups", 1) != 1 or config.get("output_padding") is not None:
            raise refuse("with groups, dilation, output padding or channels first")
        step = _convolution(config, shape, transposed=kind == "Conv2DTranspose")
        return [step, *_activation(config["activation"], step["shape"], refuse)]
    if kind == "UpSampling2D":
        if config["interpolation"] != "nearest" or config["data_format"] != "channels_last":
            raise refuse("that is not nearest, channels last")
        size = list(config["size"])
        return [{"kind": "upsample", "size": size, "shape": [shape[0] * size[0], shape[1] * size[1], shape[2]]}]
    if kind == "BatchNormalization":
        axis = config["axis"] if isinstance(config["axis"], int) else config["axis"][0]
        if axis not in (-1, len(shape)):
            raise refuse("over another axis than the last")
        switches = {"center": config["center"], "scale": config["scale"], "epsilon": config["epsilon"]}
        return [{"kind": "normalize", "shape": list(shape), **switches}]
    return _activation(_activation_layer(kind, config, refuse), shape, refuse)


def _convolution(config, shape, transposed):
    kernel, stride, same = list(config["kernel_size"]), list(config["strides"]), config["padding"] == "same"
    sizes, before = [], []
    for size, k, s in zip(shape[:2], kernel, stride, strict=True):
        if transposed:
            out = size * s if same else size * s + max(k - s, 0)
            around = (size - 1) * s + k - out
        else:
            out = -(-size // s) if same else (size - k) // s + 1
            around = (out - 1) * s + k - size
        sizes.append(out)
        before.append(max(around, 0) // 2 if same else 0)
    return {
        "kind": "transposed" if transposed else "conv",
        "shape": [*sizes, config["filters"]],
        "kernel": kernel,
        "stride": stride,
        "before": before,
        "bias": config["use_bias"],
    }


def _activation_layer(kind, config, refuse):
    if kind == "Activation":
        return config["activation"]
    if kind == "LeakyReLU":
        return {"name": "leaky_relu", "slope": config["negative_slope"]}
    if kind == "ELU":
        return {"name": "elu", "slope": config["alpha"]}
    if kind == "ReLU":
        if config["max_value"] is not None or config["threshold"]:
            raise refuse("with a ceiling or a threshold")
        return {"name": "leaky_relu", "slope": config["negative_slope"] or 0.0}
    raise NotPortable(f"the layer {kind}")


def _activation(setting, shape, refuse) -> list[dict]:
    """`setting`: an activation's name, a layer's config, or what `_activation_layer` made of one."""
    if isinstance(setting, dict) and "slope" not in setting:
        setting = _activation_layer(setting.get("class_name"), setting.get("config"), refuse)
    step = setting if isinstance(setting, dict) else {"name": setting}
    name = {"swish": "silu", None: "linear"}.get(step["name"], step["name"])
    if name not in ACTIVATIONS:
        raise refuse(f"with the activation {name!r:.40}")
    if name == "linear":
        return []
    slope = {"leaky_relu": 0.2, "elu": 1.0}.get(name, 0.0)  # Keras's own
    return [{"kind": "activate", "shape": list(shape), "slope": slope, **step, "name": name}]
