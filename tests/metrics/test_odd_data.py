"""Measures of what people feed them: copies, constants, columns, too few, NaN. Each case was found at the address."""

import numpy as np
import pytest

from coursekit.metrics import baselines, fidelity, principal_angles, probes, psnr, roc, ssim

CLOUD = np.random.default_rng(0).normal(size=(200, 8)).astype("float32")
LABELS = (CLOUD[:, 0] > 0).astype(int)
IMAGES = np.random.default_rng(1).random((3, 28, 28, 1), dtype="float32")


# -- copies, constants, a collapsed generator -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cloud", "density"),
    [(CLOUD, 1 + 1 / 5), (np.ones((200, 8), "float32"), 200 / 5), (np.repeat(CLOUD, 8, axis=0), 8 / 5)],
    ids=["all differ", "constant", "each row eight times"],
)
def test_a_set_holds_itself(cloud, density):  # github.com/clovaai/generative-evaluation-prdc/issues/7
    order = np.random.default_rng(0).permutation(len(cloud))
    found = fidelity.prdc(cloud, cloud[order])
    assert found == pytest.approx((1, 1, density, 1), abs=1e-6)


def test_near_copies_are_told_apart():  # github.com/scikit-learn/scikit-learn/issues/9354
    real = np.repeat(10 * CLOUD, 8, axis=0) + 1e-4 * np.random.default_rng(0).normal(size=(1600, 8))
    fake = real + 1e-4 * np.random.default_rng(1).normal(size=real.shape)
    exact = fidelity.prdc(real, fake)
    assert 0.5 < exact.precision < 1
    assert fidelity.prdc(real.astype("float32"), fake.astype("float32")) == pytest.approx(exact, abs=0.01)


def test_a_collapsed_generator():  # github.com/bioinf-jku/TTUR/issues/4
    collapsed = np.repeat(CLOUD[:1], 200, axis=0)
    found = fidelity.prdc(CLOUD, collapsed)
    assert found.recall == 1 / 200, "the one row that it copies"
    assert found.coverage < 0.1
    covariance = np.cov(CLOUD, rowvar=False)
    far = np.square(CLOUD.mean(0) - CLOUD[0]).sum() + np.trace(covariance)
    assert fidelity.frechet_distance(CLOUD, collapsed) == pytest.approx(far, rel=1e-5)


def test_copies_of_held_out_copies():  # github.com/scipy/scipy/issues/4017
    """Many ties: the spread of the ranks is smaller than without, and 0 if all distances are the same."""
    from scipy import stats

    samples, fresh = np.repeat([[0.0], [1.0]], [40, 10], 0), np.repeat([[0.0], [1.0]], [25, 25], 0)
    found = fidelity.memorization(samples, np.zeros((40, 1)), fresh)
    test = stats.mannwhitneyu(fresh[:, 0], samples[:, 0], method="asymptotic", use_continuity=False)
    assert 2 * stats.norm.sf(found.z) == pytest.approx(test.pvalue)
    assert fidelity.memorization(np.ones((30, 2)), np.ones((40, 2)), np.ones((30, 2)))[:2] == (0.5, 0)


# -- dead and tiny features -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_probes_know_no_unit(scale):  # github.com/scikit-learn/scikit-learn/issues/19726
    same = probes.linear(CLOUD, LABELS, CLOUD, LABELS, per_class=20, draws=2)
    assert probes.linear(scale * CLOUD, LABELS, scale * CLOUD, LABELS, per_class=20, draws=2).mean == same.mean > 0.9


def test_a_dead_feature_is_not_blown_up():  # github.com/scikit-learn/scikit-learn/issues/17794
    dead = lambda value: np.concatenate([CLOUD, np.full((200, 1), value, "float32")], axis=1)
    train, test = dead(14.62), dead(14.62 + 1e-5)
    same = probes.linear(train, LABELS, train, LABELS, per_class=20, draws=2)
    assert probes.linear(train, LABELS, test, LABELS, per_class=20, draws=2).mean == same.mean > 0.9
    assert np.isfinite(fidelity.frechet_distance(train, test))


# -- labels and scores in another form --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [lambda y: y[:, None], lambda y: np.eye(2)[y]], ids=["column", "one-hot"])
@pytest.mark.parametrize("probe", [probes.linear, probes.knn])
def test_labels_of_probes(probe, form):  # github.com/tensorflow/tensorflow/pull/22392
    one = lambda train, test: probe(CLOUD, train, CLOUD, test, per_class=5, draws=1).mean
    assert one(form(LABELS), form(LABELS)) == one(LABELS, LABELS)
    np.testing.assert_array_equal(probes.class_similarity(CLOUD, form(LABELS)), probes.class_similarity(CLOUD, LABELS))


def test_a_column_of_one_class_is_no_table_of_probabilities():  # github.com/keras-team/keras/pull/11100
    found = fidelity.mode_counts(np.ones((50, 1), int))
    assert found.counts.tolist() == [0, 50, *[0] * 8]
    assert found.kl == pytest.approx(np.log(10))


def test_scores_of_two_classes():  # github.com/scikit-learn/scikit-learn/issues/16477
    normal, strange = CLOUD[:50, 0], CLOUD[50:, 0] + 1
    assert roc(normal[:, None], strange)[0] == roc(normal, strange)[0]
    with pytest.raises(ValueError, match=r"^Expected one score for each of the normal .*second column"):
        roc(np.stack([1 - normal, normal], 1), np.stack([1 - strange, strange], 1))


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "said"),
    [
        # github.com/photosynthesis-team/piq/issues/102
        (lambda: fidelity.frechet_distance(CLOUD, fidelity.Moments(np.full(8, np.nan), np.eye(8), 9)), "finite.*mean"),
        # github.com/tsc2017/Frechet-Inception-Distance/issues/4
        (lambda: probes.similarity(np.empty((0, 4))), "non-empty"),
        # github.com/ajbrock/BigGAN-PyTorch/issues/49
        (lambda: probes.similarity([[1.0, np.nan]]), "finite"),
        (lambda: principal_angles([[1.0, np.nan]], [[1.0, 0.0]]), "finite"),
        # github.com/scikit-learn/scikit-learn/issues/13905
        (lambda: fidelity.prdc(1e25 * CLOUD, 1e25 * CLOUD), "squares float32 can hold"),
        # github.com/scikit-image/scikit-image/issues/1998
        (lambda: ssim(IMAGES[:, :6, :6], IMAGES[:, :6, :6]), "at least 7"),
        # github.com/scikit-image/scikit-image/issues/2913
        (lambda: baselines.non_local_means(np.repeat(IMAGES, 3, -1), 0.3), "gray images"),
        (lambda: baselines.median_filter(IMAGES[..., 0]), "gray images"),
        # github.com/scikit-learn/scikit-learn/issues/8484
        (lambda: baselines.pca(CLOUD[:5], CLOUD, 6), "at most 5 components"),
        # github.com/keras-team/keras/issues/3642
        (lambda: psnr(255 * (IMAGES > 0.5), IMAGES), "Divide by 255"),
        (lambda: psnr(np.nan * IMAGES, IMAGES), "finite"),
        (lambda: probes.neighbors(CLOUD, CLOUD[:, :3]), "one width, got 8 and 3"),
    ],
    ids=[
        "moments",
        "empty",
        "cosine",
        "angles",
        "huge",
        "small",
        "colors",
        "axes",
        "components",
        "bytes",
        "images",
        "width",
    ],
)
def test_what_cannot_be_measured(call, said):
    with pytest.raises(ValueError, match=f"^Expected .*{said}"):
        call()
