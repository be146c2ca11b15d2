"""Three trained VAEs, of which two have an ailment, and a chart of what their units do."""

import numpy as np

from coursekit import metrics
from coursekit.exercises import answer_keys

BETA = 40  # of the patient that pays too much, and of its cure
UNITS = 10
HIDDEN = (128,)  # the widths of each patient's one hidden layer


def patients(images, fit, free_bits=0.0):
    """Three trained VAEs of ten units, {"A": ..., "B": ..., "C": ...}; what ails them is for the student to find.

    Args:
        images: [n, 784], black and white. fit: fit(vae, images) trains one. free_bits: for all three.
    """
    from keras import Input, Sequential, layers, utils

    from coursekit.models import vae

    trained = {}
    for name, (_, ailment) in answer_keys.VAE_PATIENTS.items():
        utils.set_random_seed(0)
        model = vae.dense(UNITS, HIDDEN, beta=BETA if ailment == "price" else 1, free_bits=free_bits)
        if ailment == "deaf":
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
