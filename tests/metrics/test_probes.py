import numpy as np
import pytest

from coursekit.metrics import probes

every_probe = pytest.mark.parametrize("probe", [probes.linear, probes.knn, probes.hidden])


def clouds(count, distance, seed, dimensions=20, classes=4):
    """Gaussian clouds around `classes` corners: (features [n, d], labels [n])."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    centers = distance * np.eye(classes, dimensions)
    return (centers[labels] + rng.standard_normal((count, dimensions))).astype("float32"), labels


@pytest.fixture(scope="module")
def far():
    return (*clouds(400, 6, seed=0), *clouds(200, 6, seed=1))


@pytest.fixture(scope="module")
def near():
    return (*clouds(400, 2, seed=0), *clouds(200, 2, seed=1))


# -- accuracy ----------------------------------------------------------------------------------------------------------


@every_probe
def test_clouds_apart_are_told_apart_and_noise_is_not(probe, far):
    _, labels, _, test_labels = far
    assert probe(*far).mean > 0.8
    noise = np.random.default_rng(2).standard_normal((600, 20))
    chance = probe(noise[:400], labels, noise[400:], test_labels)
    assert 0.15 < chance.mean < 0.35
    assert len(chance.draws) == 5
    assert chance.mean == pytest.approx(np.mean(chance.draws))
    assert chance.spread == pytest.approx(np.std(chance.draws, ddof=1))
    assert str(chance) == f"{chance.mean:.3f} +- {chance.spread:.3f}"


@every_probe
def test_more_labels_help(probe, near):
    one, ten, every = (probe(*near, per_class=count).mean for count in (1, 10, None))
    assert one < ten < every
    assert len(probe(*near, per_class=None).draws) == 1
    assert probe(*near, per_class=None).spread == 0


@every_probe
def test_units_and_offsets_of_the_features_do_not_matter(probe, near):
    train, labels, test, test_labels = near
    scale = np.geomspace(1e-3, 1e3, 20)
    moved = probe(scale * train + 5, labels, scale * test + 5, test_labels, draws=2)
    assert moved.mean == pytest.approx(probe(*near, draws=2).mean, abs=0.01)


def test_a_feature_that_never_changes_does_no_harm(near):
    train, labels, test, test_labels = near
    constant = [np.hstack([part, np.full((len(part), 1), 3.0)]) for part in (train, test)]
    got = probes.linear(constant[0], labels, constant[1], test_labels, draws=2)
    assert got.mean == pytest.approx(probes.linear(*near, draws=2).mean, abs=0.01)


def test_linear_is_scikit_learns_logistic_regression(near):
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    train, labels, test, test_labels = near
    scaler = StandardScaler().fit(train)
    shares = []
    for chosen in probes.draw(labels, 10, draws=3):
        model = LogisticRegression(C=10 / 20, max_iter=200).fit(scaler.transform(train)[chosen], labels[chosen])
        shares.append(model.score(scaler.transform(test), test_labels))
    assert probes.linear(*near, draws=3).draws == pytest.approx(shares, abs=0.011)


def test_maps_are_flattened_and_many_rows_are_taken_in_pieces(far, monkeypatch):
    train, labels, test, test_labels = far
    whole = probes.knn(*far)
    monkeypatch.setattr(probes, "CHUNK", 33)
    maps = (train.reshape(-1, 2, 5, 2), labels, test.reshape(-1, 2, 5, 2), test_labels)
    assert probes.knn(*maps) == whole


def test_real_clothes_are_recognized_from_their_pixels():
    from coursekit import data

    train, test = data.load("fashion_small"), data.load("fashion_small", "test")
    score = probes.linear(train.images, train.labels, test.images, test.labels, draws=2)
    assert 0.6 < score.mean < 0.75


# -- draws -------------------------------------------------------------------------------------------------------------


def test_draws_are_balanced_contain_each_other_and_come_again():
    labels = np.random.default_rng(0).integers(3, 6, 200)
    ten, again, three = probes.draw(labels, 10), probes.draw(labels, 10), probes.draw(labels, 3)
    assert len(ten) == 5
    for number, chosen in enumerate(ten):
        assert np.bincount(labels[chosen]).tolist() == [0, 0, 0, 10, 10, 10]
        assert len(set(chosen.tolist())) == 30
        assert set(three[number].tolist()) <= set(chosen.tolist())
        np.testing.assert_array_equal(chosen, again[number])
    assert len({tuple(chosen) for chosen in ten}) == 5
    assert not np.array_equal(probes.draw(labels, 10, seed=1)[0], ten[0])
    np.testing.assert_array_equal(probes.draw(labels, None)[0], np.arange(200))


def test_compare_gives_all_features_the_same_draws(near, far):
    labels, test_labels = near[1], near[3]
    features = {"near": (near[0], near[2]), "far": (far[0], far[2]), "near again": (near[0], near[2])}
    scores = probes.compare(features, labels, test_labels, per_class=(1, 10), draws=3)
    assert {name: list(of) for name, of in scores.items()} == {name: [1, 10] for name in features}
    assert scores["near"] == scores["near again"]
    ahead = probes.difference(scores["far"][10], scores["near"][10])
    assert ahead.mean == pytest.approx(scores["far"][10].mean - scores["near"][10].mean)
    assert ahead.draws[1] == pytest.approx(scores["far"][10].draws[1] - scores["near"][10].draws[1])
    assert probes.difference(scores["near"][1], scores["near again"][1]) == (0, 0, (0, 0, 0))
    knn = probes.compare(features, labels, test_labels, per_class=(10,), probe=probes.knn, draws=1, k=1)
    assert knn["far"][10].mean > 0.7


def test_the_spread_of_several_pretrainings_is_theirs(near, far):
    labels, test_labels = near[1], near[3]
    first, second, third = (near[0], near[2]), (far[0], far[2]), (near[0] + far[0], near[2] + far[2])
    features = {"one": first, "one of a list": [first], "three": [first, second, third], "pair as a list": [*second]}
    scores = probes.compare(features, labels, test_labels, per_class=(10, None), draws=4)
    assert scores["one"] == scores["one of a list"]
    assert len(scores["one"][10].draws) == 4
    assert len(scores["one"][None].draws) == len(scores["pair as a list"][None].draws) == 1
    for count in (10, None):
        own = [probes.linear(x, labels, y, test_labels, per_class=count, draws=4) for x, y in (first, second, third)]
        means = [score.mean for score in own]
        assert scores["three"][count].draws == pytest.approx(means)
        assert scores["three"][count].spread == pytest.approx(np.std(means, ddof=1))
    with pytest.raises(ValueError, match="as many draws of both, got 3 and 4"):
        probes.difference(scores["three"][10], scores["one"][10])
    with pytest.raises(ValueError, match="at least one pretraining"):
        probes.across([])
    with pytest.raises(ValueError, match="at least one pretraining, got none of 'three'"):
        probes.compare(features | {"three": []}, labels, test_labels)


# -- similarity and neighbors ------------------------------------------------------------------------------------------


def test_similarity_is_the_cosine():
    x = np.array([[3, 4], [6, 8], [-4, 3], [0, 0]], "float32")
    expected = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    np.testing.assert_allclose(probes.similarity(x), expected, atol=1e-6)
    np.testing.assert_allclose(probes.similarity(x[:2], -x[:1]), [[-1], [-1]], atol=1e-6)


def test_neighbors_are_the_most_similar_the_nearest_first(monkeypatch):
    x = np.random.default_rng(0).standard_normal((50, 2, 3))
    found = probes.neighbors(x, x[:7], k=4)
    order = np.argsort(-probes.similarity(x[:7], x), axis=1)[:, :4]
    np.testing.assert_array_equal(found, order)
    np.testing.assert_array_equal(found[:, 0], np.arange(7), "each finds itself first")
    monkeypatch.setattr(probes, "CHUNK", 3)
    np.testing.assert_array_equal(probes.neighbors(x, x[:7], k=4), order)
    assert probes.neighbors(x, x[:2], k=50).shape == (2, 50)
    with pytest.raises(ValueError, match="Expected k of at most 50"):
        probes.neighbors(x, x[:2], k=51)


def test_pooling_averages_regions():
    maps = np.arange(2 * 4 * 4 * 3).reshape(2, 4, 4, 3)
    np.testing.assert_allclose(probes.pool(maps), maps.mean((1, 2)))
    pooled = probes.pool(maps, 2)
    assert pooled.shape == (2, 12)
    np.testing.assert_allclose(pooled[1, 3:6], maps[1, :2, 2:].mean((0, 1)))
    thirds = probes.pool(maps, 3)  # rows 0 and 1, 1 and 2, 2 and 3
    np.testing.assert_allclose(thirds[0, 15:18], maps[0, 1:3, 2:4].mean((0, 1)))
    np.testing.assert_allclose(probes.pool(maps, 4), maps.reshape(2, -1))
    with pytest.raises(ValueError, match="Expected maps with room for 5 regions a side, got 4x4"):
        probes.pool(maps, 5)


# -- bad input ---------------------------------------------------------------------------------------------------------


@every_probe
def test_bad_labels(probe, far):
    train, labels, test, test_labels = far
    with pytest.raises(ValueError, match="Expected labels of at least two classes to tell apart, got 1"):
        probe(train, 0 * labels, test, 0 * test_labels)
    with pytest.raises(ValueError, match=r"at least 101 labels of each class, got 100 of class 0 \(400 labels, 4 "):
        probe(*far, per_class=101)
    with pytest.raises(ValueError, match="Expected labels of every class that is tested, got none of 2, 3: 2 labels"):
        probe(train[:2], labels[:2], test, test_labels, per_class=None)
    with pytest.raises(ValueError, match="per_class to be a whole number of at least 1, got 0"):
        probe(*far, per_class=0)
    with pytest.raises(ValueError, match="Expected labels: whole numbers"):
        probe(train, labels / 2, test, test_labels // 2)


@every_probe
def test_bad_features(probe, far):
    train, labels, test, test_labels = far
    with pytest.raises(ValueError, match=r"Expected features \[n, d\] with labels .* got \[399, 20\] with 400"):
        probe(train[1:], labels, test, test_labels)
    with pytest.raises(ValueError, match=r"and \[200, 19\] with 200"):
        probe(train, labels, test[:, 1:], test_labels)
    with pytest.raises(ValueError, match=r"Expected finite numbers, got .* of features to train on"):
        probe(np.where(train > 6, np.nan, train), labels, test, test_labels)


def test_draws_that_are_no_pairs():
    with pytest.raises(ValueError, match="Expected as many draws of both, got 1 and 2"):
        probes.difference(probes.Accuracy(0.5, 0.0, (0.5,)), probes.Accuracy(0.5, 0.0, (0.4, 0.6)))


def test_class_similarity_is_the_mean_of_all_pairs():
    rng = np.random.default_rng(0)
    features, labels = rng.normal(size=(30, 2, 3)) + 5, rng.permutation(np.arange(30) % 3)
    cosines = probes.similarity(features - features.mean(axis=0))
    expected = [[cosines[np.ix_(labels == a, labels == b)].mean() for b in range(3)] for a in range(3)]
    np.testing.assert_allclose(probes.class_similarity(features, labels), expected, atol=1e-5)
