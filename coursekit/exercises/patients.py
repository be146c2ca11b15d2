"""Three trained VAEs, and whether the student found what ails them and cured it."""

from functools import lru_cache

import numpy as np

from coursekit import data, metrics
from coursekit.exercises.hints import hint_if

BETA = 40  # of the patient that pays too much, and of its cure
UNITS = 10
HIDDEN = (128,)  # the widths of each patient's one hidden layer
DIAGNOSES = {"A": (5, "deaf"), "B": (10, "healthy"), "C": (0, "price")}


def patients(images, fit, free_bits=0.0):
    """Three trained VAEs of ten units, {"A": ..., "B": ..., "C": ...}; what ails them is for the student to find.

    Args:
        images: [n, 784], black and white. fit: fit(vae, images) trains one. free_bits: for all three.
    """
    from keras import Input, Sequential, layers, utils

    from coursekit.models import vae

    trained = {}
    for name, (_, diagnosis) in DIAGNOSES.items():
        utils.set_random_seed(0)
        model = vae.dense(UNITS, HIDDEN, beta=BETA if diagnosis == "price" else 1, free_bits=free_bits)
        if diagnosis == "deaf":
            read = [1.0, 0.0] * (UNITS // 2)
            half = Sequential([Input((UNITS,)), layers.Rescaling(read), model.decoder], name="decoder")
            model = vae.VAE(model.encoder, half, free_bits=free_bits)
        fit(model, images)
        trained[name] = model
    return trained


def chart(vaes, images, active):
    """A table of trained VAEs {name: vae}: what each unit pays, how far it moves the picture, and `active` units.

    Args:
        images: [n, 784]. active: the student's, active(mean, log_variance) -> bool [units].
    """
    from keras import ops

    from coursekit import plots

    rows = []
    for name, vae in vaes.items():
        codes = [ops.convert_to_numpy(part) for part in vae.encode(images)]
        pays = metrics.likelihood.kl_per_dimension(*codes)
        bound = metrics.likelihood.elbo(images, vae.elbo).elbo
        rows.append([f"{name}: KL, nats", *(f"{nats:.2f}" for nats in pays), f"{np.sum(active(*codes))} active"])
        moved = [f"{change:.1f}" if change else "0" for change in _changes(vae)]
        rows.append(["pixels moved", *moved, f"ELBO {bound:.0f}"])
    return plots.table(rows, ["", *(f"unit {i + 1}" for i in range(UNITS)), ""])


def _changes(vae):
    """The decoder's answer to a step of 2 in each unit: changes summed over pixels, mean over codes of the prior."""
    from keras import ops

    z = np.random.default_rng(0).standard_normal((100, UNITS)).astype("float32")
    before = vae.decode(z)
    after = [vae.decode(z + 2 * unit) for unit in np.eye(UNITS, dtype="float32")]
    return [float(ops.mean(ops.sum(ops.abs(image - before), axis=1))) for image in after]


def examine_active(active):
    """Hints unless active(mean, log_variance) says which means vary by more than 0.01 over images [n, d]."""
    hint_if(not callable(active), "hand in the function itself, `active`, not what it returned.")
    rng = np.random.default_rng(0)
    # A live unit, one that sleeps, one that always says 0.7, one whose mean varies too little (a variance of 0.0025),
    # one whose mean varies enough (0.0225), one that always says the same with less noise than the prior's.
    spread = np.array([1, 0, 0, 0.05, 0.15, 0])
    center = np.array([0, 0, 0.7, 0, 2, 0])
    sigma = np.array([0.4, 1, 1, 1, 1, 0.3])
    mean = (center + spread * rng.standard_normal((500, 6))).astype("float32")
    log_variance = (2 * np.log(sigma) + np.zeros((500, 6))).astype("float32")
    right = np.array([True, False, False, False, True, False])
    found = active(mean, log_variance)
    hint_if(found is None, "`active` returned None. Is there a `return` in it?")
    found = np.asarray(found)
    hint_if(
        found.shape != (6,),
        f"for 500 images and 6 units `active` should return 6 answers, one for each unit; got shape {found.shape}. "
        "Over which axis does the image change?",
    )
    hint_if(found.dtype != bool, "`active` should answer True or False for each unit: compare with the threshold.")
    same = lambda *answer: found.tolist() == [bool(one) for one in answer]
    hint_if(same(*~right), "the wrong way round: a unit that says something is the active one.")
    hint_if(not found.any(), "`active` finds no unit active, where two say something.")
    hint_if(found.all(), "`active` finds all units active, also one with q = N(0, 1) for each image.")
    hint_if(
        found[2] or found[5],
        "you call a unit active whose mean is the same for every image. It may be far from the prior and pay for it, "
        "but what does it say about the image?",
    )
    hint_if(found[3], "a mean that varies by 0.05 has a variance of 0.0025. Do you compare a standard deviation?")
    hint_if(not same(*right), f"expected {right.tolist()} in a test of six units, got {found.tolist()}.")


def examine_diagnosis(diagnosis):
    so_far = "`active` is right. "
    words = sorted({word for _, word in DIAGNOSES.values()})
    hint_if(
        not isinstance(diagnosis, dict) or set(diagnosis) != set(DIAGNOSES),
        f'{so_far}`diagnosis` should have an entry for each of "A", "B" and "C".',
    )
    for name, entry in diagnosis.items():
        hint_if(
            not isinstance(entry, tuple) or len(entry) != 2 or entry[1] not in words,
            f"{so_far}the entry of {name} should be (number of active units, word), the word one of "
            f"{', '.join(words)}; got {entry!r}.",
        )
    for name, (units, word) in DIAGNOSES.items():
        said_units, said_word = diagnosis[name]
        hint_if(
            said_units != units,
            f"{so_far}{name} has not {said_units} active units, counted on unseen digits with a threshold of 0.01.",
        )
        if said_word != word:
            hint_if(word == "healthy", f"{so_far}all of {name}'s units are active, and its decoder answers to each.")
            hint_if(said_word == "healthy", f"{so_far}{name} has {UNITS} units and uses {units}. Healthy?")
            hint_if(
                word == "deaf",
                f"{so_far}too high a price would make {name}'s other units poor as well; they carry two nats each. "
                "Look at the decoder's answers to the dead ones: small, or exactly 0?",
            )
            hint_if(
                word == "price",
                f"{so_far}{name}'s decoder still answers a little to every unit. What keeps the encoder from using "
                "even one?",
            )


def examine_cure(cured):
    """Hints unless the trained VAE `cured` uses eight units, and says something, at the patient's beta."""
    from keras import ops

    so_far = "the diagnosis is right. "
    hint_if(not hasattr(cured, "elbo"), so_far + "Hand in the trained model too.")
    hint_if(cured.latent_dim != UNITS, f"{so_far}The cured model should still have {UNITS} units.")
    hint_if(
        _number(cured.beta) != BETA,
        f"{so_far}You have changed the price. Its owner insists on beta = {BETA}; the cure must leave it.",
    )
    hint_if(
        _number(cured.warmth) < 1 - 1e-4,  # a sum of many small float32 steps
        f"{so_far}The warm-up was not over when training ended: your model paid {_number(cured.warmth):.0%} of the "
        "price at the end. Train it to the end of the warm-up and a while beyond, and look again.",
    )
    units = int(metrics.likelihood.active_units(ops.convert_to_numpy(cured.encode(unseen())[0])).sum())
    elbo = metrics.likelihood.elbo(unseen(), cured.elbo).elbo
    used = f"{units} of {UNITS} units are active, and the bound is {elbo:.0f} nats."
    asleep = units < 8 or -215 < elbo < -200  # about -210: the decoder draws the same blurred digit for every code
    hint_if(
        asleep and cured.warm_up > 0 and _number(cured.free_bits) == 0,
        f"{so_far}{used} A warm-up helps a model that fell asleep before its decoder had learned to listen; here the "
        "full price comes back, and no unit can afford it. What has no price?",
    )
    hint_if(
        asleep,
        f"{so_far}{used} How many nats may a unit use without paying, and how many does it need to be heard?",
    )
    hint_if(elbo < -200, f"{so_far}{used} That is worse than saying nothing, about -210. Was the model trained?")


def _number(variable):
    from keras import ops

    return float(ops.convert_to_numpy(variable.value))


@lru_cache
def unseen():
    """Unseen digits [n, 784], thresholded."""
    return metrics.likelihood.binarize(data.load("digits", "test").flat, "thresholded")
