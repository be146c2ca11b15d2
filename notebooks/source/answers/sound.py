# %% [markdown]
# > **Try it.** Pluck a string with `kept=0.9`, and one with `kept=1`. Which instrument could the first one be?

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

# %%
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
    print(f"  {name} read, in standard deviations: {read.round(1).tolist()}")
    print(
        f"  distance from the nearest training string: {far.ravel().round(1).tolist()}"
    )

# %% [markdown]
# > **Try it.** Keep the digit and change the voice: draw ten codes and let each say "7", by `speaking.generate(codes,
# > np.full(10, 7))`. Which differences do you hear?

# %%
ten = np.random.default_rng(5).standard_normal((10, speaking.latent_dim))
sevens = np.clip(speaking.generate(ten, np.full(10, 7)), 0, 1)
pictures = sevens.reshape(10, *sevens.shape[1:3])  # pitch upward, time to the right
loud = pictures.mean(axis=1)
length = (loud > loud.max(axis=1, keepdims=True) / 2).mean(axis=1)
rows = np.arange(pictures.shape[1])[:, None]
height = (pictures * rows).sum(axis=(1, 2)) / pictures.sum(axis=(1, 2))
print("loudness:", pictures.mean(axis=(1, 2)).round(2).tolist())
print("share of the clip that is loud:", length.round(2).tolist())
print("mean row of the picture:", height.round(0).tolist())
plots.images(
    {"": pictures[:5]},
    "Five voices say “seven”",
    "Five spectrograms with the same bow of dark lines, at other places and of other lengths.",
    size=1.3,
)
