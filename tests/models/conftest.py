import pytest


@pytest.fixture(scope="session")
def digits():
    """256 real training digits."""
    from coursekit import data

    return data.load("digits", "train", limit=256)
