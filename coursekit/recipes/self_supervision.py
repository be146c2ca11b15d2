"""RotNet and Deep InfoMax of lecture 02. Their features are measured by probes, beside the untrained network's."""

from coursekit.recipes.recipe import Recipe, Split

PROBED = 100  # labels a class


def fashion(profile):
    """Clothes [n, 28, 28, 1]; the test set with its labels."""
    return _labeled("fashion_small" if profile == "quick" else "fashion_mnist")


def patches(profile):
    """Patches of photographs [n, 32, 32, 3]; the test set with its labels."""
    return _labeled("photo_patches")


def cifar10(profile):
    """CIFAR-10 [n, 32, 32, 3], a tenth of it in the quick profile; the test set with its labels."""
    return _labeled("cifar10", limit=5000 if profile == "quick" else None)


def _labeled(name, limit=None):
    from coursekit import data

    train = data.load(name, "train", limit=limit, seed=0)
    return Split(train.images, data.load(name, "test", limit=limit and limit // 5, seed=0), name)


def rotnet(network="small", shape=(28, 28, 1), **options):
    """network: "small" or "nin"."""
    from coursekit import models

    return getattr(models.rotnet, network)(shape=tuple(shape), **options)


def infomax(shape=(32, 32, 3), convolutions_only=False, **options):
    """convolutions_only: what is shipped of a large one, the encoder up to its last convolution."""
    import keras

    from coursekit import models

    model = models.infomax.strided(shape=tuple(shape), **options)
    return keras.Model(model.encoder.input, model.encoder.get_layer("conv3").output) if convolutions_only else model


def keep_convolutions(trained, kept):
    """Give the shipped part of an encoder the weights that it has in the trained one."""
    weights = trained.encoder.get_weights()
    kept.set_weights(weights[: len(kept.weights)])


def fit_adam(model, x, settings, **options):
    """Adam under a rate that falls along a cosine to 0; each network that has an optimizer gets its own."""
    import keras

    steps = settings["epochs"] * (len(x) // settings["batch_size"])
    adam = lambda: keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(settings["learning_rate"], steps))
    if getattr(model, "gamma", 0):
        model.compile(scorer=adam(), adversary=adam())
    else:
        model.compile(adam())
    return model.fit(x, batch_size=settings["batch_size"], epochs=settings["epochs"], **options)


def fit_sgd(model, x, settings, **options):
    """As the authors of RotNet: Nesterov's momentum 0.9, weight decay, and a rate that falls to a fifth three times,
    after 30, 60 and 80 percent of the epochs (theirs were 200)."""
    import keras

    steps = settings["epochs"] * (len(x) // settings["batch_size"])
    rate, drops = settings["learning_rate"], [int(share * steps) - 1 for share in (0.3, 0.6, 0.8)]
    falling = keras.optimizers.schedules.PiecewiseConstantDecay(drops, [rate / 5**i for i in range(4)])
    # The authors add 5e-4 times the weights to the gradient, which momentum makes ten times as much in the long run.
    # Keras takes its decay off the weights directly, past the momentum.
    model.compile(keras.optimizers.SGD(falling, momentum=0.9, nesterov=True, weight_decay=5e-3))
    return model.fit(x, batch_size=settings["batch_size"], epochs=settings["epochs"], **options)


def probed(layers, counts=(10, PROBED), limit=10_000):
    """A measure: how often a linear probe of each layer is right, from so many labels a class (mean of 5 draws), on
    features of at most `limit` training images and of all test images.

    Args:
        layers: {name: regions a side that its map is averaged over; None for a layer that is no map}.
    Returns:
        function (model, test) -> {"fc_100": share, ...}.
    """

    def measure(model, test):
        from coursekit import data
        from coursekit.metrics import probes
        from coursekit.models import encoders

        network = getattr(model, "network", getattr(model, "encoder", model))
        total = data.CATALOG[test.name].counts["train"]
        train, found = data.load(test.name, "train", limit=min(limit, total), seed=0), {}
        for layer, side in layers.items():
            first, second = (encoders.activations(network, part.images, layer) for part in (train, test))
            if side:
                first, second = probes.pool(first, side), probes.pool(second, side)
            for count in counts:
                score = probes.linear(first, train.labels, second, test.labels, per_class=count)
                found[f"{layer}_{count}"] = score.mean
        return found

    return measure


def turns(layers, **options):
    """The same, and first how many of the test images' rotations are recognized: `rotation_accuracy`."""
    measure = probed(layers, **options)

    def both(model, test):
        return {"rotation_accuracy": model.rotation_accuracy(test.images)} | measure(model, test)

    return both


ROTNET_SMALL = {"channels": [16, 32, 64], "width": 128, "augment": True}
DIM_SMALL = {"shape": [32, 32, 3], "channels": [32, 64, 128], "width": 128, "gray": True, "mi_units": 128, "gamma": 0.0}
ROTNET = {"shape": [32, 32, 3], "channels": [64, 128, 256], "width": 64, "augment": True}
NIN = {"network": "nin", "shape": [32, 32, 3]}
DIM = {"mi_units": 128, "gamma": 0.0, "occlude": 20}

# What the prior and the hidden square do: three epochs each of Deep InfoMax on CIFAR-10.
ABLATIONS = {
    "prior": ("with the paper's prior, nothing hidden", {"gamma": 0.1, "prior_widths": [200, 50], "occlude": 0}),
    "plain": ("without a prior, nothing hidden", {"occlude": 0}),
    "occluded": ("without a prior, a square hidden from the code", {}),
}


def _ablation(key, what, changes):
    settings = {"model": DIM | changes, "epochs": 3, "batch_size": 64, "learning_rate": 1e-3}
    return Recipe(
        name=f"dim-ablation-{key}",
        what=f"Deep InfoMax on CIFAR-10, ablation: {what}",
        settings={"quick": settings | {"epochs": 1}, "full": settings},
        load=cifar10,
        build=infomax,
        fit=fit_adam,
        evaluate=probed({"conv3": 4, "fc": None, "y": None}, counts=(PROBED,)),
        ships=False,
    )


RECIPES = [
    Recipe(
        name="rotnet-fashion",
        what="RotNet, three convolutions and a dense layer, on clothes, which have an up",
        settings={
            "quick": {"model": ROTNET_SMALL, "epochs": 4, "batch_size": 32, "learning_rate": 2e-3},
            "full": {"model": ROTNET_SMALL, "epochs": 10, "batch_size": 128, "learning_rate": 2e-3},
        },
        load=fashion,
        build=rotnet,
        fit=fit_adam,
        evaluate=turns({"conv2": 3, "conv3": 2, "fc": None}),
        gauge=turns({"conv3": 2}, counts=(10,)),
    ),
    Recipe(
        name="dim-photos",
        what="Deep InfoMax (local, InfoNCE), three convolutions and a dense layer, on gray patches of photographs",
        settings={
            "quick": {"model": DIM_SMALL, "epochs": 3, "batch_size": 64, "learning_rate": 1e-3},
            "full": {"model": DIM_SMALL, "epochs": 100, "batch_size": 64, "learning_rate": 1e-3},
        },
        load=patches,
        build=infomax,
        fit=fit_adam,
        evaluate=probed({"conv3": 2, "fc": None, "y": None}),
        gauge=probed({"fc": None}, counts=(10,)),
    ),
    Recipe(
        name="rotnet-cifar10",
        what="RotNet with three convolutions, those of Deep InfoMax, on CIFAR-10, moved and mirrored; for a processor",
        settings={
            "quick": {"model": ROTNET, "epochs": 1, "batch_size": 64, "learning_rate": 1e-3},
            "full": {"model": ROTNET, "epochs": 20, "batch_size": 64, "learning_rate": 1e-3},
        },
        load=cifar10,
        build=rotnet,
        fit=fit_adam,
        evaluate=turns({"conv2": 4, "conv3": 4, "fc": None}),
        gauge=turns({"conv3": 4}, counts=(PROBED,)),
    ),
    Recipe(
        name="rotnet-nin-cifar10",
        what="RotNet as in its paper, four blocks of a Network in Network, 200 epochs on CIFAR-10; for a GPU",
        settings={
            "quick": {"model": NIN | {"widths": [24, 20, 12]}, "epochs": 1, "batch_size": 128, "learning_rate": 0.1},
            "full": {"model": NIN, "epochs": 200, "batch_size": 128, "learning_rate": 0.1},
        },
        load=cifar10,
        build=rotnet,
        fit=fit_sgd,
        evaluate=turns({"block1": 4, "block2": 4, "block3": 4, "block4": 4}),
        gauge=turns({"block2": 4}, counts=(PROBED,)),
        ships=False,
    ),
    Recipe(
        name="dim-cifar10",
        what="Deep InfoMax (local, InfoNCE, occluded) with the paper's encoder and a smaller scorer, on CIFAR-10",
        settings={
            "quick": {"model": DIM, "epochs": 1, "batch_size": 64, "learning_rate": 1e-3},
            "full": {
                "model": DIM,
                "shipped": {"convolutions_only": True},
                "epochs": 50,
                "batch_size": 64,
                "learning_rate": 1e-3,
            },
        },
        load=cifar10,
        build=infomax,
        fit=fit_adam,
        finish=keep_convolutions,
        evaluate=probed({"conv3": 4}),
        gauge=probed({"conv3": 4, "fc": None, "y": None}, counts=(PROBED,)),
    ),
    *[_ablation(key, *about) for key, about in ABLATIONS.items()],
]
