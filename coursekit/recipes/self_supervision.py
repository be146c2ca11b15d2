"""RotNet and Deep InfoMax (lectures 03, 05). Their features are measured by probes, beside the untrained network's."""

from coursekit.metrics import probes
from coursekit.recipes import fitting
from coursekit.recipes.recipe import Recipe, from_models, profiles
from coursekit.recipes.run_data import cifar10, mixed_fashion, photo_patches

PROBED = 100  # labels a class


def rotnet(network="small", **options):
    """RotNet by a function of `models.rotnet`, "small" or "nin"; the options are its own."""
    return from_models(f"rotnet.{network}")(**options)


def infomax(convolutions_only=False, **options):
    """Deep InfoMax by `models.infomax.strided`; the options are its own.

    Args:
        convolutions_only: what is shipped of a large one, the encoder up to its last convolution.
    """
    model = from_models("infomax.strided")(**options)
    if not convolutions_only:
        return model
    import keras

    return keras.Model(model.encoder.input, model.encoder.get_layer("conv3").output)


def keep_convolutions(trained, kept):
    """Give the shipped part of an encoder the weights that it has in the trained one."""
    weights = trained.encoder.get_weights()
    kept.set_weights(weights[: len(kept.weights)])


def fit_infomax(model, x, settings, **options):
    """Adam under a rate that falls along a cosine to 0; with a prior, which needs an adversary, two of them."""
    networks = {"scorer": 1, "adversary": 1} if model.gamma else None
    return fitting.fit(model, x, settings, networks=networks, **options)


def fit_sgd(model, x, settings, **options):
    """As the authors of RotNet: Nesterov's momentum 0.9, weight decay, and a rate that falls to a fifth three times,
    after 30, 60 and 80 percent of the epochs (theirs were 200)."""
    # The authors add 5e-4 times the weights to the gradient, which momentum makes ten times as much in the long run.
    # Keras takes its decay off the weights directly, past the momentum.
    optimizer = fitting.optimizer("SGD", "fifths", momentum=0.9, nesterov=True, weight_decay=5e-3)
    return fitting.fit(model, x, settings, optimizer, **options)


def probed(layers, counts=(10, PROBED), limit=10_000):
    """A measure: how often a linear probe of each layer is right, from so many labels a class (mean of 5 draws), on
    features of at most `limit` training images and of all test images.

    Args:
        layers: {name: regions a side that its map is averaged over; None for a layer that is no map}.
    Returns:
        function (model, run) -> {"fc_100": share, ...}.
    """

    def measure(model, run):
        from coursekit.models.encoders import activations

        network, found = getattr(model, "network", getattr(model, "encoder", model)), {}
        for layer, side in layers.items():
            train, test = (activations(network, images, layer) for images in (run.train[:limit], run.test))
            if side:
                train, test = probes.pool(train, side), probes.pool(test, side)
            for count in counts:
                score = probes.linear(train, run.train_labels[:limit], test, run.test_labels, per_class=count)
                found[f"{layer}_{count}"] = score.mean
        return found

    return measure


def turns(layers, **options):
    """The same, and first how many of the test images' rotations are recognized: `rotation_accuracy`."""
    measure = probed(layers, **options)
    return lambda model, run: {"rotation_accuracy": model.rotation_accuracy(run.test)} | measure(model, run)


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
    return Recipe(
        name=f"dim-ablation-{key}",
        what=f"Deep InfoMax on CIFAR-10, ablation: {what}",
        settings=profiles(DIM | changes, (1, 64, 1e-3), (3, 64, 1e-3)),
        load=cifar10,
        build=infomax,
        fit=fit_infomax,
        evaluate=probed({"conv3": 4, "fc": None, "y": None}, counts=(PROBED,)),
        ships=False,
    )


RECIPES = [
    Recipe(
        name="rotnet-fashion",
        what="RotNet, three convolutions and a dense layer, on clothes, which have an up",
        settings=profiles(ROTNET_SMALL, (4, 32, 2e-3), (10, 128, 2e-3)),
        load=mixed_fashion,
        build=rotnet,
        fit=fitting.fit,
        evaluate=turns({"conv2": 3, "conv3": 2, "fc": None}),
        gauge=turns({"conv3": 2}, counts=(10,)),
    ),
    Recipe(
        name="dim-photos",
        what="Deep InfoMax (local, InfoNCE), three convolutions and a dense layer, on gray patches of photographs",
        settings=profiles(DIM_SMALL, (3, 64, 1e-3), (100, 64, 1e-3)),
        load=photo_patches,
        build=infomax,
        fit=fit_infomax,
        evaluate=probed({"conv3": 2, "fc": None, "y": None}),
        gauge=probed({"fc": None}, counts=(10,)),
    ),
    Recipe(
        name="rotnet-cifar10",
        what="RotNet with three convolutions, those of Deep InfoMax, on CIFAR-10, moved and mirrored; for a processor",
        settings=profiles(ROTNET, (1, 64, 1e-3), (20, 64, 1e-3)),
        load=cifar10,
        build=rotnet,
        fit=fitting.fit,
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
        fit=fit_infomax,
        finish=keep_convolutions,
        evaluate=probed({"conv3": 4}),
        gauge=probed({"conv3": 4, "fc": None, "y": None}, counts=(PROBED,)),
    ),
    *[_ablation(key, *about) for key, about in ABLATIONS.items()],
]
