"""How recipes train their models: optimizers, and learning rates that fall."""


def schedule(falling, rate, steps, decay=None):
    """A learning rate that starts at `rate`.

    Args:
        falling: "cosine", to 0 at the end of the steps; "linear", to a fiftieth; "fifths", to a fifth after 30, 60 and
            80 percent of the steps; "exponential", divided by `decay` in each step; None, not at all.
    Returns:
        What an optimizer takes as its `learning_rate`.
    """
    from keras.optimizers import schedules

    if falling == "cosine":
        return schedules.CosineDecay(rate, steps)
    if falling == "linear":
        return schedules.PolynomialDecay(rate, steps, end_learning_rate=rate / 50)
    if falling == "fifths":
        drops = [int(share * steps) - 1 for share in (0.3, 0.6, 0.8)]
        return schedules.PiecewiseConstantDecay(drops, [rate / 5**i for i in range(4)])
    if falling == "exponential":
        return schedules.ExponentialDecay(rate, decay_steps=100_000, decay_rate=decay**-100_000)
    return rate


def optimizer(kind, falling=None, decay=None, **options):
    """A function (learning rate, steps) -> optimizer.

    Args:
        kind: "Adam" or "SGD". falling, decay: as for `schedule`. options: the optimizer's own.
    """

    def make(rate, steps):
        import keras

        return getattr(keras.optimizers, kind)(schedule(falling, rate, steps, decay), **options)

    return make


adam_cosine = optimizer("Adam", "cosine")


def fit(model, x, settings, make_optimizer=adam_cosine, networks=None, **options):
    """Compile a model with what its recipe's settings say, and train it.

    Args:
        x: images. settings: of one profile; "epochs", "batch_size" and "learning_rate" are read.
        make_optimizer: function (learning rate, steps of the whole training) -> `keras.optimizers.Optimizer`, as
            `optimizer` returns; by default Adam, whose rate falls along a cosine to 0.
        networks: {network that has its own optimizer: its share of the learning rate}; None for one optimizer of all.
        options: of `Model.fit`.
    Returns:
        Keras's `History`.
    """
    rate, steps = settings["learning_rate"], settings["epochs"] * (len(x) // settings["batch_size"])
    if networks:
        model.compile(**{name: make_optimizer(rate * share, steps) for name, share in networks.items()})
    else:
        model.compile(make_optimizer(rate, steps))
    return model.fit(x, batch_size=settings["batch_size"], epochs=settings["epochs"], **options)
