"""The checks on self-supervision: other right answers pass, and wrong ones get the hint meant for them."""

import numpy as np
from answers import each, exercise

from coursekit.exercises.lecture_02 import ex_2_order

NEIGHBORS, ORDER = (exercise(__file__, number) for number in (1, 2))

# Neighbors ----------------------------------------------------------------------------------------------------------

(neighbors,) = NEIGHBORS.solution.values()


def convolved(x, m, theta, weight=1, counted=None, **border):
    from scipy.ndimage import convolve

    ring = np.ones((1, 3, 3))
    ring[0, 1, 1] = 0
    around = lambda a: convolve(a, ring, **border)
    return np.where(m > 0, x, (weight * theta + around(x * m)) / (weight + around(m if counted is None else counted)))


def written_into(x, m, theta):
    x[:] = neighbors(x, m, theta)
    return x


def test_other_neighbors_are_right():
    NEIGHBORS.check(lambda *given: convolved(*given, mode="constant"))


@each(
    neighbors=[
        (lambda x, m, theta: theta, "as many numbers"),
        (lambda x, m, theta: np.broadcast_to(theta, x.shape), "looks at nothing"),
        (written_into, "written into"),
        (lambda x, m, theta: np.full(x.shape, np.nan), "no finite number"),
        (lambda x, m, theta: neighbors(x, np.ones_like(m), theta), "you peek"),
        (lambda x, m, theta: neighbors(x, m, theta) * (1 - m), "visible pixels"),
        (lambda *given: convolved(*given, mode="wrap"), "around the corner"),
        (lambda *given: convolved(*given, counted=np.ones(given[1].shape), mode="constant"), "counted as paper"),
        (lambda *given: np.nan_to_num(convolved(*given, weight=0, mode="constant")), "theta is missing"),
        (lambda x, m, theta: np.where(m > 0, x, neighbors(x, m, theta) ** 2), "should have p ="),
    ]
)
def test_wrong_neighbors_get_their_hint(part, wrong, says):
    assert says in NEIGHBORS.hint(**{part: wrong})


# In any order --------------------------------------------------------------------------------------------------------

(in_order,) = ORDER.solution.values()


def at_once(predict, x, order):
    """All pixels in one call: picture and mask as many times as there are pixels."""
    d = len(order)
    before = np.zeros((d, d))
    for k in range(d):
        before[k, order[:k]] = 1
    m = np.repeat(before[None], len(x), axis=0).reshape(-1, d)
    p = predict(np.repeat(x, d, axis=0) * m, m).reshape(len(x), d, d)[:, np.arange(d), order]
    return -np.log2(np.where(x[:, order] > 0.5, p, 1 - p)).sum(axis=1)


def with_all_visible(predict, x, order):
    """It shows the network everything, and pays for everything at once."""
    p = predict(x, np.ones_like(x))
    return -np.log2(np.where(x > 0.5, p, 1 - p)).sum(axis=1)


def without_a_copy(predict, x, order):
    found = in_order(predict, x, order)
    x[:] = 0
    return found


def test_other_orders_are_right():
    ORDER.check(at_once)


def test_a_density_has_one_length_in_every_order_and_this_predictor_has_not():
    """What the exercise says: the conditionals of one table of probabilities sum to -log2 p(x); others need not."""
    rng = np.random.default_rng(0)
    table, places = rng.dirichlet(np.ones(8)).reshape(2, 2, 2), np.indices((2, 2, 2))
    x = np.array([[0, 1, 1], [1, 0, 1]], "float64")

    def of_table(x, m):
        p = np.zeros(x.shape)
        for n, (row, seen) in enumerate(zip(x, m, strict=True)):
            agrees = np.all([places[axis] == row[axis] for axis in np.flatnonzero(seen)], axis=0)
            part = np.where(agrees, table, 0)
            p[n] = [part[places[pixel] == 1].sum() / part.sum() for pixel in range(3)]
        return p

    true = -np.log2(table[tuple(x.astype(int).T)])
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        np.testing.assert_allclose(in_order(of_table, x, np.array(order)), true)
    other = ex_2_order._predictor(rng.normal(size=(3, 3)), np.zeros(3))
    lengths = [in_order(other, x, np.array(order)) for order in ([0, 1, 2], [2, 1, 0])]
    assert np.abs(lengths[0] - lengths[1]).max() > 0.01


@each(
    in_order=[
        (lambda predict, x, order: in_order(predict, x, order).sum(), "one for each"),
        (without_a_copy, "written into"),
        (lambda predict, x, order: np.full(len(x), np.inf), "no finite number"),
        (lambda predict, x, order: in_order(predict, x, order) * np.log(2), "nats"),
        (lambda predict, x, order: in_order(lambda x, m: predict(x, 0 * m), x, order), "coded by itself"),
        (lambda predict, x, order: in_order(predict, x, np.sort(order)), "row by row"),
        (lambda predict, x, order: in_order(predict, x, order[::-1]), "backwards"),
        (with_all_visible, "the first two take"),
        (lambda predict, x, order: in_order(predict, x, order) + 1, "the first two take"),
    ]
)
def test_wrong_orders_get_their_hint(part, wrong, says):
    assert says in ORDER.hint(**{part: wrong})
