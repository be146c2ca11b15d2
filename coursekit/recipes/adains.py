"""The decoder of AdaIN in lecture 15. It learns from the features of `rotnet-cifar10`, which are not shipped again."""

from coursekit import metrics
from coursekit.recipes import fitting
from coursekit.recipes.recipe import Recipe
from coursekit.recipes.run_data import photographs_and_paintings
from coursekit.recipes.weights import pretrained

FEATURES = "rotnet-cifar10"


def build(decoder_only=False, style_weight=2.0, **options):
    """`models.adain.AdaIN` on shipped features, or its decoder alone.

    Args:
        decoder_only: what is shipped. style_weight: of AdaIN. options: of `models.adain.decoder`.
    """
    from coursekit.models import adain, style

    decoder = adain.decoder(**{name: tuple(v) if isinstance(v, list) else v for name, v in options.items()})
    if decoder_only:
        return decoder
    features = style.features_of(pretrained(FEATURES).network)
    return adain.AdaIN(features, decoder, style_weight=style_weight)


def keep_decoder(trained, kept):
    """Give the shipped decoder the weights of the trained one."""
    kept.set_weights(trained.decoder.get_weights())


def fit(model, x, settings, **options):
    """Adam under a rate that falls along a cosine to 0."""
    return fitting.fit(model, x, settings, networks={"decoder": 1}, **options)


def redrawn(decoder, run):
    """`psnr`: of test crops that are drawn in their own style, in dB; `moments_left`: the style loss of test crops in
    the style of one another; `moments_before`: the same without any change to the content."""
    from coursekit.models import adain, style

    model = adain.AdaIN(style.features_of(pretrained(FEATURES).network), decoder)
    plain = model.predict(run.test, batch_size=20, verbose=0)
    style_loss = model.losses(run.test)[1]
    before = adain.style_loss(model.maps(run.test), model.maps(run.test[[-1, *range(len(run.test) - 1)]]))
    return {
        "psnr": metrics.psnr(plain, run.test).mean(),
        "moments_left": float(style_loss),
        "moments_before": float(before),
    }


def drawn(model, run):
    """Ten test crops, each in the style of the one before it."""
    from coursekit.models.adain import adain

    maps = model.maps(run.test[:10])[model.level]
    return model.decoder.predict(adain(maps, maps[[-1, *range(9)]]), verbose=0)


MODEL = {"channels": 128, "widths": [96, 48], "last": 24}

RECIPES = [
    Recipe(
        name="adain-photos",
        what="the decoder of AdaIN, on the features of rotnet-cifar10, for photographs and paintings",
        settings={
            "quick": {"model": MODEL, "shipped": {"decoder_only": True}}
            | {"epochs": 2, "batch_size": 8, "learning_rate": 2e-3},
            "full": {"model": MODEL, "shipped": {"decoder_only": True}}
            | {"epochs": 16, "batch_size": 8, "learning_rate": 2e-3},
        },
        load=photographs_and_paintings,
        build=build,
        fit=fit,
        finish=keep_decoder,
        evaluate=redrawn,
    ),
]
