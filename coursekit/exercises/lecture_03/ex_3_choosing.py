"""What a choice on validation data reports, and by how much a choice on test data flatters."""

import numpy as np

from coursekit.exercises.hints import after, called, compare, generator, hint_if, number


def check(answer):
    """`(honest, flattery)`: both from (validation, test), accuracies [experiments, settings]; honest -> [experiments],
    flattery -> a number."""
    honest, flattery = answer
    check_honest(honest)
    with after("`honest` is right."):
        check_flattery(flattery)


def accuracies():
    """Validation and test accuracies of 6 experiments with 5 settings."""
    rng = generator(3)
    level = rng.uniform(0.5, 0.7, (6, 5))
    return [level + rng.normal(0, 0.05, level.shape) for _ in range(2)]


def check_honest(function):
    """Hints unless function(validation, test) is each experiment's test accuracy of the setting that is best on
    validation."""
    validation, test = accuracies()
    found = called(function, "honest", validation.copy(), test.copy())
    hint_if(
        found.shape != (6,),
        f"for 6 experiments with 5 settings `honest` should return 6 accuracies, one for each experiment, and gave an "
        f"array of shape {found.shape}.",
    )
    compare(
        found,
        test[np.arange(6), validation.argmax(axis=1)],
        honest_mistakes(validation, test),
        "these are not the test accuracies of the settings that are best on validation. Take one experiment, one row, "
        "and do it by hand.",
    )


def honest_mistakes(validation, test):
    """Typical mistakes: {hint: [experiments]}."""
    rows = np.arange(len(test))
    return {
        "the test data have chosen. They must not: let `validation` choose.": test.max(axis=1),
        "the accuracies on validation: the best of them has good luck in it. Report the chosen setting's `test`.": (
            validation.max(axis=1)
        ),
        "these are the places of the best settings. Which test accuracy stands there?": validation.argmax(axis=1),
        "one setting for all experiments. Each experiment, each row, chooses for itself.": (
            test[:, validation.mean(axis=0).argmax()]
        ),
        "the setting that is *worst* on validation.": test[rows, validation.argmin(axis=1)],
        "the mean over all settings. Only the chosen one counts.": test.mean(axis=1),
    }


def check_flattery(function):
    """Hints unless function(validation, test) is the mean over experiments of the best test accuracy minus that of
    the setting chosen on validation."""
    validation, test = accuracies()
    found = number(function, "flattery", validation.copy(), test.copy())
    honest = test[np.arange(6), validation.argmax(axis=1)]
    compare(
        found,
        (test.max(axis=1) - honest).mean(),
        flattery_mistakes(validation, test),
        f"for these six experiments `flattery` says {found:.4f}. In each, by how much is the best test accuracy above "
        "the honest one?",
    )


def flattery_mistakes(validation, test):
    """Typical mistakes: {hint: a share}."""
    honest = test[np.arange(len(test)), validation.argmax(axis=1)]
    best = test.max(axis=1)
    return {
        "flattery is how much *higher* the best test accuracy is. Look at the sign.": (honest - best).mean(),
        "a sum over experiments, where there should be a mean.": (best - honest).sum(),
        "compared with the mean of all settings. Compare with the setting that validation chose.": (
            (best - test.mean(axis=1)).mean()
        ),
        "the best on validation against the honest one. Ask what a choice on *test* data would have reported.": (
            (validation.max(axis=1) - honest).mean()
        ),
        "the best test accuracy of all experiments. Each experiment has its own best.": (best.max() - honest).mean(),
    }
