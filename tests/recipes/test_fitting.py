"""Learning rates that fall as they should, and who is given which."""

import numpy as np
import pytest

from coursekit.models import dcgan
from coursekit.recipes import dcgans, fitting


@pytest.mark.parametrize(
    ("falling", "expected"),
    [
        (None, [1, 1, 1]),
        ("cosine", [1, 0.5, 0]),
        ("linear", [1, 0.51, 1 / 50]),
        ("fifths", [1, 1 / 5, 1 / 125]),
        ("exponential", [1, 1.0001**-50, 1.0001**-100]),
    ],
)
def test_schedules(falling, expected):
    rate = fitting.schedule(falling, 1.0, 100, decay=1.0001)
    rates = [float(rate(step)) if callable(rate) else rate for step in (0, 50, 100)]
    np.testing.assert_allclose(rates, expected, atol=1e-5)


def test_the_discriminator_gets_its_share_of_the_rate():
    model = dcgan.fast(channels=(4, 4), discriminator=(4, 4), depth=0)
    settings = {"epochs": 1, "batch_size": 10, "learning_rate": 1e-3, "falling": False, "discriminator_share": 0.5}
    dcgans.fit(model, np.zeros((20, 28, 28, 1), "float32"), settings, verbose=0)
    rates = {name: float(np.array(optimizer.learning_rate)) for name, optimizer in model.optimizers.items()}
    assert rates == pytest.approx({"generator": 1e-3, "discriminator": 5e-4})
