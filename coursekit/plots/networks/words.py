"""The words for a layer: short ones in a drawing of its network, longer ones in the drawing's text alternative."""

import re
from typing import NamedTuple


class Words(NamedTuple):
    """kind: what becomes of the layer in the drawing: "mark" (written at the block before), "note" (written at the
    block after), or a block of the kind named. short: its lines in the drawing. said: in the text alternative."""

    kind: str
    short: tuple
    said: str


ACTIVATIONS = {"relu": "ReLU", "relu6": "ReLU 6", "leaky_relu": "leaky ReLU", "elu": "ELU", "selu": "SELU"}
ACTIVATIONS |= {"gelu": "GELU", "silu": "SiLU", "swish": "SiLU", "linear": "", "hard_silu": "hard SiLU"}
NORMALIZATIONS = {"BatchNormalization": "BN", "LayerNormalization": "layer norm", "GroupNormalization": "group norm"}
MERGES = {"Add": "+", "Subtract": "−", "Multiply": "×", "Average": "mean", "Maximum": "max", "Minimum": "min"}
MERGES |= {"Dot": "·", "Matmul": "·", "Einsum": "·", "TrueDivide": "÷", "Divide": "÷", "Stack": "concat"}
MERGES |= {"Concatenate": "concat"}
SAID_MERGES = {"+": "sum", "−": "difference", "×": "product", "·": "dot product", "÷": "quotient"}
SAID_MERGES |= {"concat": "concatenation", "mean": "mean", "max": "maximum", "min": "minimum"}
CONVOLUTIONS = {"Conv": "conv", "DepthwiseConv": "depthwise conv", "SeparableConv": "separable conv"}
PADDINGS = {"ZeroPadding": "pad", "Pad": "pad", "Cropping": "crop"}


def words(layer, sources, shape):
    """The `Words` for a layer or operation.

    Args:
        layer: a Keras layer or operation. sources: shapes of what it takes, without the batch. shape: of its output.
    """
    name = keras_name(layer)
    base = re.sub(r"[123]D", "", name)
    if name in ("Bidirectional", "TimeDistributed", "SpectralNormalization"):
        return _wrapped(name, layer, sources, shape)
    if base in (*CONVOLUTIONS, "ConvTranspose"):
        return _convolution(base, layer)
    if base in ("MaxPooling", "AveragePooling", "GlobalMaxPooling", "GlobalAveragePooling"):
        return _pooling(base, layer)
    if name in MERGES and len(sources) > 1:
        symbol = MERGES[name]
        return Words("merge", (symbol,), SAID_MERGES[symbol])
    if base == "ConvLSTM":
        kernel = across(_tuple(layer.kernel_size))
        return Words("recurrent", ("conv LSTM", kernel), f"convolutional LSTM {kernel}")
    if name in ("LSTM", "GRU", "SimpleRNN"):
        return Words("recurrent", (name if name != "SimpleRNN" else "recurrent",), name)
    if name == "Dense":
        each = ("each place",) if len(shape) > 1 else ()
        return Words("dense", ("dense", *each), " ".join(["dense layer", *(f"at {word}" for word in each)]))
    if name == "Embedding":
        return Words("embedding", ("embedding", f"of {layer.input_dim:,}"), f"embedding of {layer.input_dim:,} symbols")
    if base == "UpSampling":
        size = layer.size if isinstance(layer.size, int) else _across(layer.size, same=True)
        return Words("upsampling", (f"upsample {size}×",), f"upsampling by {size}")
    return _without_weights(name, base, layer, sources, shape)


def _without_weights(name, base, layer, sources, shape):
    """Marks, notes, reshaping, and layers that nobody knows here."""
    if base in PADDINGS:
        return Words(
            "note", (f"{PADDINGS[base]} to {across(shape[:-1])}",), f"{PADDINGS[base]} to {across(shape[:-1])}"
        )
    if name in ("Flatten", "Reshape", "RepeatVector", "Permute", "Transpose", "Squeeze", "ExpandDims"):
        if len(shape) < 2:
            return Words("note", (f"flatten: {across(shape)}",), f"flattening to {_count(shape)}")
        doing = {"RepeatVector": "repeat"}.get(name, "reshape")
        return Words("reshape", (doing,), f"{doing} to {across(shape)}")
    mark = _mark(name, layer)
    if mark is not None:
        return Words("mark", (mark,) if mark else (), mark)
    own = _spaced(type(layer).__name__)
    if not getattr(layer, "weights", ()) and len(sources) == 1 and tuple(sources[0]) == tuple(shape):
        return Words("mark", (own,), own)
    return Words("other", _two_lines(own), own)


def _mark(name, layer):
    """What changes no size and is written at the block before: its words, "" for nothing worth a word, None for
    another kind of layer."""
    if name in ("Activation",):
        return activation(layer)
    if name in ("ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"):
        return {"LeakyReLU": "leaky ReLU", "Softmax": "softmax"}.get(name, name)
    if name in NORMALIZATIONS:
        return NORMALIZATIONS[name]
    if "Dropout" in name and hasattr(layer, "rate"):
        return f"dropout {100 * layer.rate:.3g} %" if layer.rate else ""
    if name in ("ActivityRegularization", "Identity", "InputLayer", "Masking", "StopGradient", "Cast"):
        return ""
    if name in ("GaussianNoise", "Rescaling", "Normalization"):
        return {"GaussianNoise": "noise", "Rescaling": "rescale", "Normalization": "normalize"}[name]
    return None


def _wrapped(name, layer, sources, shape):
    if name == "Bidirectional":
        inner = words(layer.forward_layer, sources, shape)
        return Words(inner.kind, ("two-way", *inner.short), f"bidirectional {inner.said}")
    inside = words(layer.layer, [source[1:] for source in sources] if name == "TimeDistributed" else sources, shape)
    if name == "TimeDistributed":
        kind = "other" if inside.kind in ("mark", "note") else inside.kind
        short = [line for line in inside.short if line != "each place"]
        return Words(kind, (*short, "each step"), f"{inside.said} at each step")
    return Words(inside.kind, (*inside.short, "spectral norm"), f"{inside.said}, spectral normalization")


def _convolution(base, layer):
    kernel = across(_tuple(layer.kernel_size))
    if base == "ConvTranspose":
        kind, short, said = "transposed", ["transposed", f"conv {kernel}"], f"transposed convolution {kernel}"
    else:
        kind, called = "convolution", CONVOLUTIONS[base].split()
        short = [*called[:-1], f"{called[-1]} {kernel}"]
        said = f"{' '.join([*called[:-1], 'convolution'])} {kernel}"
    details = []
    if max(_tuple(layer.strides)) > 1:
        details.append(f"stride {_across(layer.strides, same=True)}")
    if max(_tuple(layer.dilation_rate)) > 1:
        details.append(f"dilation {_across(layer.dilation_rate, same=True)}")
    if layer.padding == "valid" and max(_tuple(layer.kernel_size)) > 1:
        details.append("unpadded")
    if (getattr(layer, "groups", 1) or 1) > 1:
        details.append(f"{layer.groups} groups")
    return Words(kind, (*short, *details), ", ".join([said, *details]))


def _pooling(base, layer):
    what = "max" if "Max" in base else "mean"
    if base.startswith("Global"):
        return Words("pooling", (f"{what} over", "each map"), f"{what} over each map")
    size = across(_tuple(layer.pool_size))
    stride = [] if _tuple(layer.strides) == _tuple(layer.pool_size) else [f"stride {_across(layer.strides, same=True)}"]
    return Words("pooling", (f"{what} {size}", *stride), ", ".join([f"{what} pooling {size}", *stride]))


def activation(layer):
    """The name of the layer's activation function, "" for none."""
    function = getattr(layer, "activation", None)
    name = getattr(function, "__name__", type(function).__name__) if function is not None else "linear"
    return ACTIVATIONS.get(name, _spaced(name) if name != "<lambda>" else "own function")


def keras_name(layer):
    """The name of the nearest class of Keras that the layer is of, such as "Dropout" for a subclass of it; "Layer" or
    "Operation" for what is the student's own."""
    return next((kind.__name__ for kind in type(layer).__mro__ if kind.__module__.startswith("keras.")), "")


def is_automatic(layer):
    """Whether Keras made the name of a layer or model from its class: "dense_3"."""
    snake = re.sub(
        r"([a-z])([A-Z])", r"\1_\2", re.sub(r"\W+|(.)([A-Z][a-z0-9]+)", r"\1_\2", type(layer).__name__)
    ).lower()
    return re.fullmatch(rf"({re.escape(snake)}|input_layer)(_\d+)?", layer.name) is not None


def across(sizes):
    """(14, 14, 24) -> "14 × 14 × 24"; a size that may vary is "n"."""
    return " × ".join("n" if size is None else f"{size:,}" for size in sizes) or "1"


def marks_of(marks):
    """["BN", "ReLU"] -> "BN, ReLU"."""
    return ", ".join(mark for mark in marks if mark)


def weights(count):
    """12345678 -> "12.3 M weights"; exact below a million."""
    short = f"{count:,}" if count < 10**6 else f"{count / 10**6:.3g} M"
    return f"{short} weight{'s' * (count != 1)}"


def _count(shape):
    return "1 number" if tuple(shape) in ((), (1,)) else f"{across(shape)} numbers"


def size_said(shape):
    """(14, 14, 24) -> "24 maps of 14 × 14"; (10,) -> "10 numbers"."""
    if len(shape) >= 3:
        return f"{shape[-1]:,} map{'s' * (shape[-1] != 1)} of {across(shape[:-1])}" if shape[-1] else across(shape)
    return f"{shape[0] or 'any number of'} steps of {shape[1]:,}" if len(shape) == 2 and shape[1] else _count(shape)


def _tuple(value):
    return (value,) if isinstance(value, int) else tuple(value)


def _across(value, same):
    """(2, 2) -> "2" where `same`, (2, 1) -> "2 × 1"."""
    sizes = _tuple(value)
    return str(sizes[0]) if same and len(set(sizes)) == 1 else across(sizes)


def _spaced(name):
    """ "GradientReversal" -> "gradient reversal", but "KLLoss" -> "KL loss"."""
    pieces = re.findall(r"[A-Z]+(?=[A-Z][a-z]|\b|_|\d)|[A-Z]?[a-z]+|\d+", name)
    return " ".join(piece if piece.isupper() and len(piece) > 1 else piece.lower() for piece in pieces) or name


def _two_lines(text, most=14):
    if len(text) <= most or " " not in text:
        return (text,)
    breaks = [at for at, letter in enumerate(text) if letter == " "]
    at = min(breaks, key=lambda place: abs(place - len(text) / 2))
    return text[:at], text[at + 1 :]
