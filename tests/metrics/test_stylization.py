"""How far a picture has taken on a style, and what is left of its content: floors, ceilings, and bad input."""

import numpy as np
import pytest

from coursekit import data
from coursekit.metrics import stylization
from coursekit.metrics.stylization import PatchJudge, edges_kept, match_colors


def textures(kind, n=2, seed=0):
    """Stripes across, stripes down, or noise, 64x64, each with its own phase."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(64), np.arange(64))
    if kind == "noise":
        pictures = rng.random((n, 64, 64))
    else:
        along = {"across": y, "down": x}[kind]
        pictures = 0.5 + 0.4 * np.stack([np.sin(along / 2 + 6 * rng.random()) for _ in range(n)])
    return np.repeat(pictures[..., None], 3, -1).astype("float32")


def slopes(patches):
    """Mean steepness across and down: [n, 2]."""
    return np.stack([np.abs(np.diff(patches, axis=axis)).mean((1, 2, 3)) for axis in (1, 2)], axis=1)


@pytest.fixture(scope="module")
def judge():
    return PatchJudge(slopes, {kind: textures(kind) for kind in ("across", "down", "noise")}, each=60)


def test_the_judge_knows_real_ones_and_shares_add_up(judge):
    held_out = {kind: textures(kind, seed=1) for kind in ("across", "down", "noise")}
    assert all(share > 0.95 for share in judge.ceiling(held_out).values())
    assert judge.chance == pytest.approx(1 / 3)
    assert sum(judge.shares(held_out["down"]).values()) == pytest.approx(1)
    assert judge.share(held_out["down"], "across") < 0.05
    half = np.concatenate([textures("across")[:1, :, :32], textures("noise")[:1, :, :32]], axis=2)
    assert 0.1 < judge.share(half, "across") < 0.9


def test_bad_judges_are_told(judge):
    with pytest.raises(ValueError, match="a source that the judge knows, across, down, noise, got 'dots'"):
        judge.share(textures("down"), "dots")
    with pytest.raises(ValueError, match="at least two sources"):
        PatchJudge(slopes, {"down": textures("down")})
    with pytest.raises(ValueError, match="at least 32 pixels a side, got 20x64"):
        judge.shares(textures("down")[:, :20])
    with pytest.raises(ValueError, match=r"One\? Take x\[None\]"):
        judge.shares(textures("down")[0])


def test_edges_stay_when_colors_change_and_go_with_the_picture():
    cat, temple = (data.picture(name, 96)[None] for name in ("cat", "temple"))
    assert edges_kept(cat, cat) == pytest.approx(1)
    assert edges_kept(1 - cat, cat) == pytest.approx(1), "a negative has the same edges"
    assert edges_kept(cat[..., ::-1] * 0.5 + 0.2, cat) > 0.95
    assert abs(edges_kept(temple, cat)[0]) < 0.3
    noisy = np.clip(cat + np.random.default_rng(0).normal(0, 0.15, cat.shape), 0, 1)
    assert 0.3 < edges_kept(noisy, cat)[0] < 0.99
    assert edges_kept(np.full_like(cat, 0.5), cat) == 0, "a flat picture has none"
    both = edges_kept(np.concatenate([cat, temple]), np.concatenate([temple, temple]))
    assert both == pytest.approx([edges_kept(cat, temple)[0], 1]), "whatever is measured beside"
    with pytest.raises(ValueError, match="of one shape"):
        edges_kept(cat, cat[:, :50])


def test_matched_colors_have_the_styles_mean_and_covariance():
    rng = np.random.default_rng(0)
    content = 0.5 + 0.05 * rng.normal(size=(1, 40, 40, 3)) @ rng.normal(size=(3, 3))
    style = 0.5 + 0.05 * rng.normal(size=(1, 30, 50, 3)) @ rng.normal(size=(3, 3))
    found = match_colors(np.clip(content, 0, 1), np.clip(style, 0, 1)).reshape(-1, 3)
    wanted = np.clip(style, 0, 1).reshape(-1, 3)
    np.testing.assert_allclose(found.mean(0), wanted.mean(0), atol=0.01)
    np.testing.assert_allclose(np.cov(found.T), np.cov(wanted.T), atol=0.002)
    same = match_colors(np.clip(content, 0, 1), np.clip(content, 0, 1))
    np.testing.assert_allclose(same, np.clip(content, 0, 1), atol=0.01, err_msg="nothing to change")
    with pytest.raises(ValueError, match="as many contents as styles"):
        match_colors(np.clip(content, 0, 1), np.zeros((2, 8, 8, 3)))


def test_patches_are_where_they_say():
    ramp = np.arange(40 * 50, dtype="float32").reshape(1, 40, 50, 1) / 2000
    cut = stylization.patches(ramp, 5)
    assert cut.shape == (5, 32, 32, 1)
    np.testing.assert_allclose(np.diff(cut[..., 0], axis=2), 1 / 2000, atol=1e-6)
    assert len(set(cut[:, 0, 0, 0].tolist())) > 1
