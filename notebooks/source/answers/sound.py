# %% [markdown]
# > **Try it.** Pluck a string with `kept=0.9`, and one with `kept=1`. Which instrument could the first one be?

# %% [markdown]
# With 0.9 the sound falls to a tenth of its loudness within 128 ms. It could be a string that is damped with the
# hand, or a pizzicato. With 0.995 it is not that quiet in the 0.64 seconds that we looked at. With `kept=1` nothing
# is taken away by the factor, and yet the string fades: at the end it has 0.1792 of its first loudness, not much more
# than with 0.995, which has 0.1272. What is left is the mean of two neighbors. It takes away the upper partials, and
# they are most of the noise that the string begins with.

# %%
for kept in (0.9, 0.995, 1):
    y = pluck(73, kept)
    loud = np.abs(y[: 73 * 70]).reshape(70, 73).max(axis=1)  # of each period
    quiet = np.flatnonzero(loud < loud[0] / 10)
    when = (
        f"after {quiet[0] * 73 / 8:.0f} ms" if len(quiet) else "not in 0.64 seconds"
    )
    print(f"kept {kept}: at a tenth of its loudness {when}", end=", ")
    print(f"at the end {loud[-1] / loud[0]:.4f} of it")

# %% [markdown]
# > **Try it.** Turn the decay instead of the pitch, and listen. Then let `amounts` go from -2 to 2. Where does it stop
# > sounding like a string?

# %% [markdown]
# Your ear is the judge; here is what can be measured. The reader finds the decay shorter and longer, as it should,
# from -1.7 to 1.4 standard deviations. Beyond amounts of 0.6 up or down it hardly changes any more: there are no
# training strings farther out with which the reader could compare.
#
# The distance from the nearest training string says where the picture leaves the strings. An unseen string has 2.1.
# Turned along the pitch it stays near 4, where it begins, also at -2 and 2. Turned toward a longer decay it grows:
# 5.2 at 0.6, 6.4 at 1 and 7.1 at 2. There one should stop hearing a string. Toward a shorter decay it becomes
# smaller, since a short string is mostly silence and all silences are alike.

# %%
plain = lambda numbers, digits: np.round(np.float64(numbers), digits).tolist()
amounts = np.array([-2, -1, -0.6, 0, 0.6, 1, 2])
from_strings = metrics.neighbors.nearest(
    unseen.images.reshape(len(unseen.images), -1), known, 1
).distances.mean()
print(f"an unseen string is {from_strings:.1f} from its nearest training string")
for name, turn in turns.items():
    made = decoded(start + amounts[:, None] * turn)
    far = metrics.neighbors.nearest(made.reshape(len(made), -1), known, 1).distances
    read = reader(made)[:, list(strings.FACTORS).index(name)]
    print(f"{name}: amounts {amounts.tolist()}")
    print(f"  {name} read, in standard deviations: {plain(read, 1)}")
    print(f"  distance from the nearest training string: {plain(far.ravel(), 1)}")

# %% [markdown]
# > **Try it.** Keep the digit and change the voice: draw ten codes and let each say "7", by `speaking.generate(codes,
# > np.full(10, 7))`. Which differences do you hear?

# %% [markdown]
# The voices differ in loudness (0.19 to 0.26), in how much of the clip is loud (0.41 to 0.66), and in height: the
# mean row of the picture is from 32 to 36. So some say "seven" quickly and some slowly, some high and some low. In
# the pictures the bow of dark lines is the same, at other places. The code holds all that the digit does not say.
# (Play them with `widgets.SoundPlayer`, as the cell above does.)

# %%
plain = lambda numbers, digits: np.round(np.float64(numbers), digits).tolist()
ten = np.random.default_rng(5).standard_normal((10, speaking.latent_dim))
sevens = np.clip(speaking.generate(ten, np.full(10, 7)), 0, 1)
pictures = sevens.reshape(10, *sevens.shape[1:3])  # pitch upward, time to the right
loud = pictures.mean(axis=1)
length = (loud > loud.max(axis=1, keepdims=True) / 2).mean(axis=1)
rows = np.arange(pictures.shape[1])[:, None]
height = (pictures * rows).sum(axis=(1, 2)) / pictures.sum(axis=(1, 2))
print("loudness:", plain(pictures.mean(axis=(1, 2)), 2))
print("share of the clip that is loud:", plain(length, 2))
print("mean row of the picture:", plain(height, 0))
plots.images(
    {"": pictures[:5]},
    "Five voices say “seven”",
    "Five spectrograms with the same bow of dark lines, at other places and of other lengths.",
    size=1.3,
)
