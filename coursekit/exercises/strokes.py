"""How large a transposed convolution paints, how often each pixel, and whether all alike."""

import numpy as np

from coursekit.exercises.hints import called, compare, hint_if

CASES = ((7, 4, 2), (7, 5, 2), (4, 3, 3), (6, 5, 1), (5, 2, 3), (1, 4, 2), (9, 7, 3))  # (n, kernel, stride)


def painted(n, kernel, stride):
    """Strokes on each pixel of one side, counted one by one: [(n - 1) * stride + kernel]."""
    counts = np.zeros((n - 1) * stride + kernel, int)
    for i in range(n):
        counts[i * stride : i * stride + kernel] += 1
    return counts


def inner(n, kernel, stride):
    """The pixels that are not touched by the border's lack of neighbors."""
    return painted(n, kernel, stride)[kernel - 1 : 1 - kernel or None]


def examine_size(size):
    """Hints unless size(n, kernel, stride) is (n - 1) * stride + kernel."""
    for n, kernel, stride in CASES:
        found, right = called(size, "size", n, kernel, stride), (n - 1) * stride + kernel
        hint_if(found.shape != (), f"`size` should return one number, pixels a side; got shape {found.shape}.")
        mistakes = {
            'that is what Keras leaves after padding="same". Here nothing is cut off.': n * stride,
            "the first stroke already has the width of the kernel; after it, how many more steps of one stride?": (
                n * stride + kernel
            ),
            "that is the way down: how many windows fit into n pixels.": (n - kernel) // stride + 1,
            "one pixel less or more: lay two strokes of width k, s apart, and count.": (n - 1) * stride + kernel - 1,
            "strokes that do not overlap at all would need so much. They begin s apart, not k.": n * kernel,
        }
        compare(found, right, mistakes)
        hint_if(
            found != right,
            f"for {n} numbers, a kernel of {kernel} and a stride of {stride} you say {found:g}. Where does the last "
            "stroke begin, and where does it end?",
        )


def examine_strokes(strokes):
    """Hints unless strokes(n, kernel, stride) counts how many numbers reach each pixel of one side."""
    so_far = "`size` is right. "
    for n, kernel, stride in CASES:
        found, right = called(strokes, "strokes", n, kernel, stride, so_far=so_far), painted(n, kernel, stride)
        hint_if(
            found.shape == (len(right), len(right)),
            so_far + "that is for both sides at once. Along one side is enough; the picture is its outer product.",
        )
        hint_if(
            found.shape != right.shape,
            f"{so_far}`strokes({n}, {kernel}, {stride})` should be {len(right)} counts, one for each pixel; got shape "
            f"{found.shape}.",
        )
        mistakes = {
            "no stroke anywhere. Add 1 to `kernel` pixels, once for each number.": 0 * right,
            "that is the average, k/s, everywhere. Count each pixel by itself.": 0 * right + kernel / stride,
            "each pixel has its own count; yours stops at 1. Strokes add up, they do not cover one another.": (
                np.minimum(right, 1)
            ),
            "those are the squares: already the picture's diagonal.": right**2,
        }
        compare(found, right, mistakes, so_far)
        hint_if(
            (found == 0).any() and (right > 0).all(),
            f"{so_far}some pixels of ({n}, {kernel}, {stride}) get no stroke, where each should get one or more.",
        )
        hint_if(
            kernel < stride and (found > 0).all(),
            f"{so_far}with a kernel of {kernel} and a stride of {stride} there are gaps that nobody paints.",
        )
        hint_if(
            not np.array_equal(found, right),
            f"{so_far}for ({n}, {kernel}, {stride}) you count {found[np.argmax(found != right)]:g} strokes on pixel "
            f"{np.argmax(found != right)}. Draw the strokes and count again.",
        )


def examine_level(level):
    """Hints unless level(kernel, stride) says whether all inner pixels get equally many strokes."""
    so_far = "`size` and `strokes` are right. "
    hint_if(not callable(level), so_far + "hand in the function itself, `level`, not what it returned.")
    said = {}
    for kernel in range(1, 9):
        for stride in range(1, 5):
            found = level(kernel, stride)
            hint_if(found is None, so_far + "`level` returned None. Is there a `return` in it?")
            hint_if(np.ndim(found) != 0, so_far + "`level` should return True or False, for all inner pixels at once.")
            said[kernel, stride] = bool(found)
    right = {case: bool(np.ptp(inner(20, *case)) == 0) for case in said}
    wrong = [case for case in said if said[case] != right[case]]
    hint_if(
        said == {case: case[0] % 2 == 0 for case in said}, so_far + "even kernels, you say. With a stride of 3, too?"
    )
    hint_if(not any(said.values()), so_far + "never level, you say. What of a stride of 1?")
    hint_if(all(said.values()), so_far + "always level, you say. Look at kernel 3, stride 2.")
    hint_if(
        said == {case: case[0] == case[1] for case in said},
        so_far + "without any overlap, yes. Is overlap always uneven?",
    )
    hint_if(
        bool(wrong) and all(stride % kernel == 0 for kernel, stride in said if said[kernel, stride]),
        so_far + "which of the two has to divide the other?",
    )
    hint_if(
        bool(wrong) and all(kernel < stride for kernel, stride in wrong),
        f"{so_far}with kernels smaller than the stride there are gaps: some pixels get one stroke, some none.",
    )
    for kernel, stride in wrong:
        counts = inner(20, kernel, stride)
        hint_if(
            True,
            f"{so_far}with kernel {kernel} and stride {stride} inner pixels get between {counts.min()} and "
            f"{counts.max()} strokes; you say {'level' if said[kernel, stride] else 'not level'}.",
        )
