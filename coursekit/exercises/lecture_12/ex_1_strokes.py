"""The size that a transposed convolution paints, its strokes on each pixel, and whether they are level."""

import numpy as np

from coursekit.exercises.hints import Hint, after, called, compare, hint_if, number, returned

CASES = ((7, 4, 2), (7, 5, 2), (4, 3, 3), (6, 5, 1), (5, 2, 3), (1, 4, 2), (9, 7, 3))  # (n, kernel, stride)


def check(answer):
    """`(size, strokes, level)`: size(n, kernel, stride) -> a whole number, strokes(n, kernel, stride) -> counts [size],
    and level(kernel, stride) -> True or False."""
    size, strokes, level = answer
    check_size(size)
    with after("`size` is right."):
        check_strokes(strokes)
    with after("`size` and `strokes` are right."):
        check_level(level)


def check_size(function):
    """Hints unless function(n, kernel, stride) is (n - 1) * stride + kernel."""
    for n, kernel, stride in CASES:
        found = number(function, "size", n, kernel, stride, advice="It counts the pixels of one side.")
        compare(
            found,
            (n - 1) * stride + kernel,
            size_mistakes(n, kernel, stride),
            f"for {n} numbers, a kernel of {kernel} and a stride of {stride} you say {found:g}. Where does the last "
            "stroke begin, and where does it end?",
        )


def size_mistakes(n, kernel, stride):
    """Typical mistakes: {hint: pixels}."""
    return {
        'that is what Keras leaves after padding="same". Here nothing is cut off.': n * stride,
        "the first stroke already has the width of the kernel; after it, how many more steps of one stride?": (
            n * stride + kernel
        ),
        "that is the way down: how many windows fit into n pixels.": (n - kernel) // stride + 1,
        "one pixel less or more: lay two strokes of width k, s apart, and count.": (n - 1) * stride + kernel - 1,
        "strokes that do not overlap at all would need so much. They begin s apart, not k.": n * kernel,
    }


def check_strokes(function):
    """Hints unless function(n, kernel, stride) counts how many numbers reach each pixel of one side."""
    for n, kernel, stride in CASES:
        found, right = called(function, "strokes", n, kernel, stride), painted(n, kernel, stride)
        hint_if(
            found.shape == (len(right), len(right)),
            "that is for both sides at once. Along one side is enough; the picture is its outer product.",
        )
        hint_if(
            found.shape != right.shape,
            f"`strokes({n}, {kernel}, {stride})` should be {len(right)} counts, one for each pixel; got shape "
            f"{found.shape}.",
        )
        first = np.argmax(~np.isclose(found, right))
        otherwise = (
            f"for ({n}, {kernel}, {stride}) you count {found[first]:g} strokes on pixel {first}. Draw the strokes and "
            "count again."
        )
        if kernel < stride and (found > 0).all():
            otherwise = f"with a kernel of {kernel} and a stride of {stride} there are gaps that nobody paints."
        if (found == 0).any() and (right > 0).all():
            otherwise = f"some pixels of ({n}, {kernel}, {stride}) get no stroke, where each should get one or more."
        compare(found, right, strokes_mistakes(n, kernel, stride), otherwise)


def painted(n, kernel, stride):
    """Strokes on each pixel of one side, counted one by one: [(n - 1) * stride + kernel]."""
    counts = np.zeros((n - 1) * stride + kernel, int)
    for i in range(n):
        counts[i * stride : i * stride + kernel] += 1
    return counts


def strokes_mistakes(n, kernel, stride):
    """Typical mistakes: {hint: counts [size]}."""
    right = painted(n, kernel, stride)
    return {
        "no stroke anywhere. Add 1 to `kernel` pixels, once for each number.": 0 * right,
        "that is the average, k/s, everywhere. Count each pixel by itself.": 0 * right + kernel / stride,
        "each pixel has its own count; yours stops at 1. Strokes add up, they do not cover one another.": (
            np.minimum(right, 1)
        ),
        "those are the squares: already the picture's diagonal.": right**2,
    }


def check_level(function):
    """Hints unless function(kernel, stride) says whether all inner pixels get equally many strokes."""
    said = {}
    for kernel in range(1, 9):
        for stride in range(1, 5):
            found = returned(function, "level", kernel, stride)
            hint_if(np.ndim(found) != 0, "`level` should return True or False, for all inner pixels at once.")
            said[kernel, stride] = bool(found)
    wrong = [case for case, level in said.items() if level != bool(np.ptp(inner(20, *case)) == 0)]
    if not wrong:
        return
    says = lambda rule: said == {(kernel, stride): rule(kernel, stride) for kernel, stride in said}
    hint_if(says(lambda kernel, stride: kernel % 2 == 0), "even kernels, you say. With a stride of 3, too?")
    hint_if(not any(said.values()), "never level, you say. What of a stride of 1?")
    hint_if(all(said.values()), "always level, you say. Look at kernel 3, stride 2.")
    hint_if(says(lambda kernel, stride: kernel == stride), "without any overlap, yes. Is overlap always uneven?")
    hint_if(
        all(stride % kernel == 0 for kernel, stride in said if said[kernel, stride]),
        "which of the two has to divide the other?",
    )
    hint_if(
        all(kernel < stride for kernel, stride in wrong),
        "with kernels smaller than the stride there are gaps: some pixels get one stroke, some none.",
    )
    kernel, stride = wrong[0]
    counts = inner(20, kernel, stride)
    raise Hint(
        f"with kernel {kernel} and stride {stride} inner pixels get between {counts.min()} and {counts.max()} "
        f"strokes; you say {'level' if said[kernel, stride] else 'not level'}.",
    )


def inner(n, kernel, stride):
    """`painted` without the pixels that the border leaves without a neighbor."""
    return painted(n, kernel, stride)[kernel - 1 : 1 - kernel or None]
