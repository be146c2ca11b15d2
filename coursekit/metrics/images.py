"""Distances between images and their reconstructions: cross-entropy, PSNR, SSIM, unexplained variance."""

import numpy as np

from coursekit.arrays import check_floats, check_images


def _pair(images, references):
    """Both as float64. The images may leave [0, 1] a little, as what a linear layer answers; bytes are none."""
    images, references = check_floats(images, "images"), check_images(references, "references")
    if images.shape != references.shape:
        raise ValueError(
            f"Expected two arrays of one shape, got {images.shape} and {references.shape}. "
            "Reshape one of them: images.reshape(references.shape)."
        )
    if images.max() > 1 and (images == np.floor(images)).all():
        check_images(images)
    return images.astype("float64", copy=False), references.astype("float64", copy=False)


def binary_crossentropy(images, references=None):
    """Mean over all pixels of -x log p - (1 - x) log(1 - p), in nats a pixel: p = `images`, x = `references`.

    Without `references` an image is compared with itself. That is its own entropy, and the floor: no reconstruction of
    grey pixels can do better, which is why the loss of an autoencoder does not go to 0.
    """
    images = check_images(images)
    p, x = _pair(images, images if references is None else references)
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return float(-(x * np.log(p) + (1 - x) * np.log1p(-p)).mean())


def psnr(images, references):
    """Peak signal-to-noise ratio of each image [n], in dB: -10 log10(mean squared error), for pixels in [0, 1].

    6 dB more is half the error in every pixel. Identical images have no finite PSNR: they count as 100 dB.
    """
    images, references = _pair(images, references)
    error = ((images - references) ** 2).reshape(len(images), -1).mean(axis=1)
    return -10 * np.log10(np.maximum(error, 1e-10))


def ssim(images, references):
    """Structural similarity of each image [n], up to 1 (Wang et al., IEEE Trans. Image Processing 13, 2004):
    luminance, contrast and correlation compared in 7x7 windows. Images: [n, h, w] or [n, h, w, 1], h and w at least 7.
    """
    from skimage.metrics import structural_similarity

    images, references = _pair(images, references)
    if images.ndim == 4 and images.shape[-1] == 1:
        images, references = images[..., 0], references[..., 0]
    if images.ndim != 3 or min(images.shape[1:]) < 7:
        raise ValueError(
            f"Expected gray images [n, h, w] or [n, h, w, 1], h and w at least 7, got shape {images.shape}. "
            "Colors? Measure each channel alone."
        )
    return np.array([structural_similarity(a, b, data_range=1) for a, b in zip(images, references, strict=True)])


def unexplained_variance(images, references):
    """sum |x - x'|^2 / sum |x - mean|^2: 0 for a perfect reconstruction, 1 for answering with the mean image."""
    images, references = _pair(images, references)
    total = ((references - references.mean(axis=0)) ** 2).sum()
    if total == 0:
        raise ValueError("Expected references that differ from each other, got copies of one image: no variance.")
    return float(((images - references) ** 2).sum() / total)
