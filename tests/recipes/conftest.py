import pytest

from coursekit import recipes


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """(folder, results) of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("trained")
    return out, recipes.train(recipes.get("autoencoder-deep"), "quick", out=out)
