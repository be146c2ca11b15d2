"""The loss of a line in training: a price of the code that is annealed, and free bits."""

from coursekit.exercises.hints import compare, generator, number

CALL = ("letters_cost", "code_cost", "step", "warm_up", "free")


def check(loss):
    """Hints unless loss(letters_cost, code_cost, step, warm_up, free) is letters_cost + w * max(code_cost - free, 0),
    with w = min(1, step / warm_up)."""
    rng = generator(18)
    letters_cost, code_cost = rng.uniform(50, 90), rng.uniform(20, 30)
    free, warm_up = rng.uniform(5, 15), int(rng.integers(300, 600))
    step = int(warm_up * rng.uniform(0.2, 0.8))
    _look(loss, letters_cost, code_cost, step, warm_up, free)
    _look(loss, letters_cost, code_cost, 3 * warm_up, warm_up, free)
    _look(loss, letters_cost, free / 2, step, warm_up, free)


def right(letters_cost, code_cost, step, warm_up, free):
    """The loss of a line, in bits."""
    return letters_cost + min(1, step / warm_up) * max(code_cost - free, 0)


def loss_mistakes(letters_cost, code_cost, step, warm_up, free):
    """Typical mistakes: {hint: loss}."""
    weight, paid = min(1, step / warm_up), max(code_cost - free, 0)
    mistakes = {
        "no more than the weight 1: after the warm-up the code costs its whole price.": (
            letters_cost + step / warm_up * paid
        ),
        "a code that costs less than what is free costs nothing; nobody is paid for it.": (
            letters_cost + weight * (code_cost - free)
        ),
        "that is the price of the letters alone.": letters_cost,
        "the code is paid in full from the first step on: where is the weight?": letters_cost + paid,
        "the free bits are missing.": letters_cost + weight * code_cost,
        "first the free bits are taken off, then the weight is put on. You have done it the other way round.": (
            letters_cost + max(weight * code_cost - free, 0)
        ),
        "the weight belongs to the price of the code alone.": weight * (letters_cost + paid),
        "the weight should grow, from 0 to 1. Yours falls.": letters_cost + (1 - weight) * paid,
    }
    same = right(letters_cost, code_cost, step, warm_up, free)
    return {hint: value for hint, value in mistakes.items() if abs(value - same) > 1e-9}


def _look(loss, *given):
    said = ", ".join(f"{name}={value:.4g}" for name, value in zip(CALL, given, strict=True))
    found = number(loss, "loss", *given)
    compare(found, right(*given), loss_mistakes(*given), f"for {said} your loss is {found:.4g} bits.")
