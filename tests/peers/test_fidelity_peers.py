"""The measures of samples beside other people's: SciPy's matrix root, torch-fidelity, the package prdc."""

import numpy as np
import pytest
from scipy import linalg

from coursekit import data
from coursekit.metrics import fidelity


def clouds(dead=0):
    """Two clouds of correlated features [2000, 32] and [3000, 32], the last `dead` of them always 0 in both."""
    rng = np.random.default_rng(6)
    mix = rng.normal(size=(32, 32)) / 4
    real, fake = rng.normal(size=(2000, 32)), 0.2 + rng.normal(size=(3000, 32)) @ mix
    real[:, 32 - dead :] = fake[:, 32 - dead :] = 0
    return real, fake


def textbook(real, fake):
    """Heusel et al. (2017), with SciPy's square root of a matrix that is not symmetric."""
    means, covariances = zip(*((x.mean(0), np.cov(x, rowvar=False)) for x in (real, fake)), strict=True)
    root = linalg.sqrtm(covariances[0] @ covariances[1])
    return np.square(means[0] - means[1]).sum() + np.trace(sum(covariances) - 2 * np.real(root))


@pytest.fixture(scope="module")
def lenet_features():
    """Of the course's digits: 4,000 and 1,000."""
    from coursekit import pretrained

    model = pretrained("lenet-mnist")
    return [model.features(data.load("digits", split).images).astype("float64") for split in ("train", "test")]


def test_frechet_is_scipys():
    assert fidelity.frechet_distance(*clouds()) == pytest.approx(textbook(*clouds()), abs=1e-6)


def test_frechet_is_scipys_on_the_lenets_features(lenet_features):
    real, fake = lenet_features
    alive = real.any(axis=0) & fake.any(axis=0)  # SciPy's root of a singular matrix is not to be trusted
    assert fidelity.frechet_distance(real, fake) == pytest.approx(textbook(real[:, alive], fake[:, alive]), abs=1e-3)


# What torch-fidelity 0.4.0 (torch 2.13.0) answers to `theirs` below on clouds() and clouds(dead=5): Frechet, KID.
TORCH_FIDELITY = {0: (21.135044, 0.62553489), 5: (16.039612, 0.49770631)}


@pytest.mark.parametrize("dead", TORCH_FIDELITY)
def test_frechet_and_kid_are_what_torch_fidelity_said(dead):
    real, fake = clouds(dead)
    frechet, kid = TORCH_FIDELITY[dead]
    assert fidelity.frechet_distance(real, fake) == pytest.approx(frechet, abs=1e-3)
    assert fidelity.kid(real, fake[:2000], subsets=1, size=2000).kid == pytest.approx(kid, abs=1e-6)


def test_frechet_and_kid_are_torch_fidelitys(lenet_features):
    torch = pytest.importorskip("torch")
    pytest.importorskip("torch_fidelity")
    for real, fake in (clouds(), clouds(dead=5), lenet_features):
        frechet, kid = theirs(torch.tensor(real), torch.tensor(fake))
        assert fidelity.frechet_distance(real, fake) == pytest.approx(frechet, abs=1e-3)
        n = min(len(real), len(fake))
        assert fidelity.kid(real[:n], fake[:n], subsets=1, size=n).kid == pytest.approx(kid, rel=1e-6, abs=1e-9)


def theirs(real, fake):
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric

    statistics = [fid_features_to_statistics(x) for x in (real, fake)]
    n = min(len(real), len(fake))
    one_subset = {"kid_subsets": 1, "kid_subset_size": n, "kid_kernel": "poly", "verbose": False}
    return (
        fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"],
        kid_features_to_metric(real[:n], fake[:n], **one_subset)["kernel_inception_distance_mean"],
    )


def two_normal_clouds(n, d):
    rng = np.random.default_rng(0)
    return [rng.normal(size=(n, d)).astype("float32") for _ in range(2)]


@pytest.mark.slow
def test_prdc_has_the_published_constants():
    """Of the README of Naeem et al.'s repository: 10,000 points each from N(0, I) in 1,000 dimensions, k = 5. Theirs is
    one draw without a seed. In so many dimensions a few points near the center are everybody's neighbor, and draws
    differ: on the points of this test, their package 0.2 says what stands in `theirs`."""
    found = fidelity.prdc(*two_normal_clouds(10_000, 1000), k=5)._asdict()
    theirs = {"precision": 0.4563, "recall": 0.4858, "density": 0.9125, "coverage": 0.9563}
    assert found == pytest.approx(theirs, abs=1e-3)
    published = {"precision": 0.4772, "recall": 0.4705, "density": 1.0555, "coverage": 0.9735}
    spread = {"precision": 0.03, "recall": 0.03, "density": 0.2, "coverage": 0.03}
    assert all(abs(found[name] - published[name]) < spread[name] for name in published)


def by_their_definitions(real, fake, k):
    """Naeem et al. (2020), equations (2) to (5), with the edge in each ball, in plain loops."""
    distance = lambda a, b: np.linalg.norm(a - b)
    radius = lambda i, points: sorted(distance(points[i], other) for other in points)[k]
    real_radii = [radius(i, real) for i in range(len(real))]
    fake_radii = [radius(j, fake) for j in range(len(fake))]
    inside = np.array([[distance(x, y) <= r for y in fake] for x, r in zip(real, real_radii, strict=True)])
    inside_fakes = np.array([[distance(x, y) <= r for y, r in zip(fake, fake_radii, strict=True)] for x in real])
    return (
        np.mean([inside[:, j].any() for j in range(len(fake))]),
        np.mean([inside_fakes[i].any() for i in range(len(real))]),
        inside.sum() / (k * len(fake)),
        np.mean([inside[i].any() for i in range(len(real))]),
    )


@pytest.mark.parametrize("k", [1, 5])
def test_prdc_is_its_definition(k, monkeypatch):
    monkeypatch.setattr("coursekit.metrics.distances.AT_ONCE", 7 * 60)  # so that chunks have odd ends
    rng = np.random.default_rng(1)
    real, fake = rng.normal(size=(60, 4)), 1.3 * rng.normal(size=(50, 4)) + 0.4
    assert fidelity.prdc(real, fake, k) == pytest.approx(by_their_definitions(real, fake, k), abs=1e-12)


def test_prdc_is_the_packages():
    theirs = pytest.importorskip("prdc").compute_prdc
    real, fake = two_normal_clouds(1500, 64)
    fake = fake[:1200] * 0.9
    assert fidelity.prdc(real, fake)._asdict() == pytest.approx(theirs(real, fake, 5), abs=2e-3)
