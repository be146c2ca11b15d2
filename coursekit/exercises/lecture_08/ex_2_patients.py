"""Active units, the ailments of three VAEs, and a VAE that is cured of one."""

from functools import lru_cache

import numpy as np

from coursekit import data, metrics
from coursekit.exercises import answer_keys
from coursekit.exercises.hints import after, check_diagnosis, generator, hint_if, returned
from coursekit.exercises.material.vae_patients import BETA, UNITS

ADVICE = {
    "healthy": "all of {name}'s units are active, and its decoder answers to each.",
    ("deaf", "healthy"): f"{{name}} has {UNITS} units and uses {{number}}. Healthy?",
    ("price", "healthy"): f"{{name}} has {UNITS} units and uses {{number}}. Healthy?",
    ("deaf", "price"): "too high a price would make {name}'s other units poor as well; they carry two nats each. "
    "Look at the decoder's answers to the dead ones: small, or exactly 0?",
    ("price", "deaf"): "{name}'s decoder still answers a little to every unit. What keeps the encoder from using "
    "even one?",
}
MISCOUNTED = "{name} has not {said} active units, counted on unseen digits with a threshold of 0.01."


def check(answer):
    """`(active, diagnosis, cured)`: active(mean, log_variance) -> bool [d], {patient: (units, word)}, and a VAE."""
    active, diagnosis, cured = answer
    check_active(active)
    with after("`active` is right."):
        check_diagnosis(diagnosis, answer_keys.VAE_PATIENTS, ADVICE, "active units", MISCOUNTED)
    with after("the diagnosis is right."):
        check_cure(cured)


def check_active(function):
    """Hints unless function(mean, log_variance) says which means vary by more than 0.01 over images [n, d]."""
    rng = generator(0)
    # A live unit, one that sleeps, one that always says 0.7, one whose mean varies too little (a variance of 0.0025),
    # one whose mean varies enough (0.0225), one that always says the same with less noise than the prior's.
    spread = np.array([1, 0, 0, 0.05, 0.15, 0])
    center = np.array([0, 0, 0.7, 0, 2, 0])
    sigma = np.array([0.4, 1, 1, 1, 1, 0.3])
    mean = (center + spread * rng.standard_normal((500, 6))).astype("float32")
    log_variance = (2 * np.log(sigma) + np.zeros((500, 6))).astype("float32")
    right = [True, False, False, False, True, False]
    found = np.asarray(returned(function, "active", mean, log_variance))
    hint_if(
        found.shape != (6,),
        f"for 500 images and 6 units `active` should return 6 answers, one for each unit; got shape {found.shape}. "
        "Over which axis does the image change?",
    )
    hint_if(found.dtype != bool, "`active` should answer True or False for each unit: compare with the threshold.")
    hint_if((~found).tolist() == right, "the wrong way round: a unit that says something is the active one.")
    hint_if(not found.any(), "`active` finds no unit active, where two say something.")
    hint_if(found.all(), "`active` finds all units active, also one with q = N(0, 1) for each image.")
    hint_if(
        found[2] or found[5],
        "you call a unit active whose mean is the same for every image. It may be far from the prior and pay for it, "
        "but what does it say about the image?",
    )
    hint_if(found[3], "a mean that varies by 0.05 has a variance of 0.0025. Do you compare a standard deviation?")
    hint_if(found.tolist() != right, f"expected {right} in a test of six units, got {found.tolist()}.")


def check_cure(cured):
    """Hints unless the trained VAE `cured` uses eight units, and says something, at the patient's beta."""
    from keras import ops

    value = lambda variable: float(ops.convert_to_numpy(variable.value))
    hint_if(not hasattr(cured, "elbo"), "Hand in the trained model too.")
    hint_if(cured.latent_dim != UNITS, f"The cured model should still have {UNITS} units.")
    hint_if(
        value(cured.beta) != BETA,
        f"You have changed the price. Its owner insists on beta = {BETA}; the cure must leave it.",
    )
    hint_if(
        value(cured.warmth) < 1 - 1e-4,  # a sum of many small float32 steps
        f"The warm-up was not over when training ended: your model paid {value(cured.warmth):.0%} of the "
        "price at the end. Train it to the end of the warm-up and a while beyond, and look again.",
    )
    units = int(metrics.likelihood.active_units(ops.convert_to_numpy(cured.encode(unseen())[0])).sum())
    elbo = metrics.likelihood.elbo(unseen(), cured.elbo).elbo
    used = f"{units} of {UNITS} units are active, and the bound is {elbo:.0f} nats."
    asleep = units < 8 or -215 < elbo < -200  # about -210: the decoder draws the same blurred digit for every code
    hint_if(
        asleep and cured.warm_up > 0 and value(cured.free_bits) == 0,
        f"{used} A warm-up helps a model that fell asleep before its decoder had learned to listen; here the "
        "full price comes back, and no unit can afford it. What has no price?",
    )
    hint_if(asleep, f"{used} How many nats may a unit use without paying, and how many does it need to be heard?")
    hint_if(elbo < -200, f"{used} That is worse than saying nothing, about -210. Was the model trained?")


@lru_cache
def unseen():
    """Unseen digits [n, 784], thresholded."""
    return metrics.likelihood.binarize(data.load("digits", "test").flat, "thresholded")
