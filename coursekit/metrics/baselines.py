"""Classical filters and PCA: the baselines of denoising and of reconstruction from a code."""

import numpy as np

from coursekit.arrays import check_images, check_positive
from coursekit.metrics.distances import check_rows


def median_filter(images, size=3):
    """The median of each pixel's `size` x `size` neighborhood; images [n, h, w, 1] in [0, 1]."""
    from scipy import ndimage

    images, size = _gray(images), check_positive(size=size)
    return ndimage.median_filter(images, size=(1, size, size, 1))


def non_local_means(images, noise):
    """Non-local means (Buades, Coll and Morel, CVPR 2005) of each image: averages of the patches that look alike.

    Strength and patch sizes are the best of a search on 100 training digits (`tests/bench/autoencoders.py --search`);
    scikit-image's usual h = 0.6 * noise scores 2 to 3 dB less on small images with clipped noise.

    Args:
        images: [n, h, w, 1] in [0, 1]. noise: standard deviation of the noise, before clipping.
    """
    from skimage.restoration import denoise_nl_means

    images = _gray(images)
    if not noise > 0:
        raise ValueError(f"Expected the noise's standard deviation above 0, got {noise!r}.")
    options = {"patch_size": 5, "patch_distance": 10, "h": 0.2 * noise, "sigma": 0.5 * noise, "fast_mode": True}
    return np.stack([denoise_nl_means(image[..., 0], **options) for image in images]).clip(0, 1)[..., None]


def pca(train, test, components):
    """`test` [n, d] rebuilt from its first principal components, which are fitted to `train`; clipped to [0, 1]."""
    from sklearn.decomposition import PCA

    train, test = check_rows(train=train, test=test)
    components = check_positive(components=components)
    if components > min(train.shape):
        raise ValueError(
            f"Expected at most {min(train.shape)} components, as many as `train` {list(train.shape)} can have, got "
            f"{components}. Take fewer, or more examples."
        )
    fitted = PCA(components, random_state=0).fit(train)
    return fitted.inverse_transform(fitted.transform(test)).clip(0, 1)


def _gray(images):
    images = check_images(images)
    if images.ndim != 4 or images.shape[-1] != 1:
        raise ValueError(
            f"Expected gray images [n, h, w, 1], got shape {images.shape}. "
            "Add the axis, images[..., None], or take one channel, images[..., :1]."
        )
    return images
