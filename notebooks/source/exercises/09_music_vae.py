# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # MusicVAE: exercises
#
# Four of them to [the lecture](../09_music_vae.ipynb). Write where it says `YOUR CODE HERE` and run the cell after it: the check
# looks at what you wrote and says what to look at next, as often as you like. Everything runs before you have written
# anything, so begin wherever you want.

# %%
import coursekit

coursekit.begin(0)

import numpy as np

from coursekit import data, plots, widgets
from coursekit.metrics import music

# %% [markdown]
# ## 9.1 · Free bits (15 minutes)
#
# The encoder gives a mean and the logarithm of a variance for each number of a melody's code, both [n, k]. Write
# `cost(mean, log_variance, free_bits)`: for each melody what its code costs in **nats**, [n], if its first `free_bits` **bits** cost
# nothing. Guess first: a code of 10 bits with 6 bits free, what does it cost in nats?

# %%
guess = 4.0


def cost(mean, log_variance, free_bits):
    ### BEGIN SOLUTION
    # stub: return np.zeros(len(mean))
    kl = 0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance).sum(axis=1)
    return np.maximum(kl - free_bits * np.log(2), 0)
    ### END SOLUTION


# %% points=2
coursekit.check("9.1", cost)

# %%
mean = np.linspace(0, 5, 200)[:, None]
kl_bits = 0.5 * mean[:, 0] ** 2 / np.log(2)
plots.lines(
    kl_bits,
    {f"{free} bits free": cost(mean, 0 * mean, free) for free in (0, 6)},
    "What a code costs",
    "A straight line from 0, and one that is level until 6 bits and then parallel to it.",
    xlabel="KL divergence, bits",
    ylabel="cost, nats",
    guesses={"your guess": (10, guess)},
)

# %% [markdown]
# Where the line is level the gradient is zero: nothing pulls the encoder back to the prior. Why is a *level* stretch a better cure
# for collapse than a line with a small slope ($\beta = 0.2$)? And what does it do to samples from the prior?

# %% [markdown]
# ## 9.2 · Notes again (15 minutes)
#
# In the lecture you wrote notes as symbols. Now the way back: `notes(melody)` takes the symbols of a melody, whole numbers [steps],
# and returns a list of triples `(key, start, length)`. Symbol 0 goes on, 1 ends the note, 2 is key 21, and so on up. A note that is not
# ended lasts until the next one begins, or until the melody is over.


# %%
def notes(melody):
    ### BEGIN SOLUTION
    # stub: return []
    begins = [step for step, symbol in enumerate(melody) if symbol > 0]
    found = []
    ends = [*begins, len(melody)][1:]
    for start, end in zip(begins, ends, strict=True):
        if melody[start] > 1:
            found.append((int(melody[start]) + 19, start, end - start))
    return found
    ### END SOLUTION


# %% points=2
coursekit.check("9.2", notes)

# %%
tunes = data.load("tunes", "test", bars=2)
lengths = [
    length for melody in tunes.tokens[:500] for _, _, length in notes(melody)
]
counts = {f"{n}": lengths.count(n) for n in (1, 2, 3, 4, 6, 8, 12, 16)}
plots.bars(
    counts,
    "How long the notes of dance tunes are",
    "Bars of how often each length occurs; notes of two sixteenths are by far the most frequent.",
    ylabel="notes of 500 melodies",
    fmt="%.0f",
)

# %% [markdown]
# Nearly all notes last 1, 2 or 4 sixteenths. How many bits would you pay for the length of a note if you knew this table, and
# nothing else? (It is the entropy of the table.)

# %% [markdown]
# ## 9.3 · A cleaner vector (20 minutes)
#
# In section 7 of the lecture, subtracting the vector of density also made the range smaller. So the vector has a part along the vector of the range.
# Write `cleaned(vector, others)`: `vector` [k] without its part in the span of the rows of `others` [m, k]. The result is at right
# angles to every one of them. (They are in general not at right angles to each other.)


# %%
def cleaned(vector, others):
    ### BEGIN SOLUTION
    # stub: return vector
    parts, *_ = np.linalg.lstsq(others.T, vector)
    return vector - others.T @ parts
    ### END SOLUTION


# %% points=2
coursekit.check("9.3", cleaned)

# %%
musicvae = coursekit.pretrained("musicvae-2bar")
train = data.load("tunes", "train", bars=2, limit=3000, seed=0)
codes = musicvae.codes(train.tokens)


def attribute_vector(amounts):
    low, high = np.quantile(amounts, [0.25, 0.75])
    return codes[amounts >= high].mean(axis=0) - codes[amounts <= low].mean(axis=0)


density = attribute_vector(music.attributes(train.tokens)["density"])
span = attribute_vector(music.attributes(train.tokens)["range"])

# %%
start = musicvae.codes(tunes.tokens[::2])
subtracted = {
    "nothing": 0 * density,
    "density": density,
    "density, cleaned": cleaned(density, span[None]),
}
written = {
    name: musicvae.decode(start - vector, temperature=0)
    for name, vector in subtracted.items()
}
rows = [
    [
        name,
        f"{music.attributes(x)['density'].mean() * 32:.1f}",
        f"{music.attributes(x)['range'].mean():.1f}",
    ]
    for name, x in written.items()
]
plots.table(
    rows, columns=("vector subtracted", "notes in two bars", "range, semitones")
)

# %% [markdown]
# With the plain vector subtracted, the range falls by about a semitone. With the cleaned one it no longer falls; it even rises by about as
# much. And the density changes less than before. So the cleaned vector leaves out too much. "At right angles" is a statement about two
# averages of codes. It does not say that the decoder keeps the range of each melody. Try to take out only half of the part along the other
# vector: what happens to the two attributes then?

# %% [markdown]
# ## 9.4 · A melody of your own (30 minutes)
#
# Write a song that you know into `song`: triples (key, start, length) as in the lecture, 32 sixteenths in all. Key 60 is the
# middle C.

# %%
song = [
    (60, 0, 4),
    (62, 4, 4),
    (64, 8, 4),
    (60, 12, 4),
    (60, 16, 4),
    (62, 20, 4),
    (64, 24, 4),
    (60, 28, 4),
]
mine = np.zeros(32, int)
for key, begin, length in song:
    mine[begin] = key - 19
    if begin + length < 32:
        mine[begin + length] = 1
widgets.MelodyPlayer(mine, title="Yours", alt="A piano roll of your melody")

# %% [markdown]
# When a network writes a melody, one should ask whether it is a copy. Write `longest_run(a, b)`: the length of the longest
# unbroken stretch of steps at which the melodies `a` and `b` have the same symbol. Equal steps count wherever they
# begin, but at the same place in both melodies.


# %%
def longest_run(a, b):
    ### BEGIN SOLUTION
    # stub: return 0
    longest = now = 0
    for same in np.asarray(a) == np.asarray(b):
        now = now + 1 if same else 0
        longest = max(longest, now)
    return longest
    ### END SOLUTION


# %% points=2
coursekit.check("9.4", longest_run)

# %%
back = musicvae.reconstruct(mine[None])[0]
nearest = max(
    range(len(train.tokens)), key=lambda i: longest_run(mine, train.tokens[i])
)
ends = musicvae.codes(np.stack([mine, train.tokens[nearest]]))
t = np.linspace(0, 1, 9)[:, None]
way = musicvae.decode((1 - t) * ends[0] + t * ends[1], temperature=0)
print(
    f"steps of your melody written rightly from its code: {(back == mine).mean():.0%}"
)
print(
    "longest stretch shared with your melody, along the way:",
    [longest_run(mine, x) for x in way],
)
widgets.MelodyPlayer(
    np.stack([mine, *way, train.tokens[nearest]]),
    ["yours"]
    + [f"{share:.0%} of the way" for share in t[:, 0]]
    + ["the tune itself"],
    axis="melody",
    title=f"From yours to a tune: {train.titles[train.tune[nearest]]}",
    alt="A piano roll on the way from your melody to a dance tune",
)

# %% [markdown]
# The network has only heard dance tunes. If your song is of another kind, the first melody on the way is already another one than
# yours: the decoder writes the nearest thing that it can say. Which notes has it changed, and are the changes those of a
# dance tune?
