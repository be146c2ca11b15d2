# %% [markdown]
# > **Try it.** Seventeen stops: `np.linspace(0, 1, 17)`. Find a row in which a digit becomes another. How many stops does
# > it take?

# %%
reads = coursekit.pretrained("lenet-mnist").probabilities
stops = np.linspace(0, 1, 17)
rows = {}
for number in range(8):
    path = shipped.generate(
        np.stack([(1 - t) * a[number] + t * b[number] for t in stops])
    )
    p = reads(path)
    named = p.argmax(axis=1)
    print(
        f"row {number + 1}: named {named.tolist()}, less than 90 % sure at", end=" "
    )
    print((np.flatnonzero(p.max(axis=1) < 0.9) + 1).tolist())
    rows[f"row {number + 1}"] = path
plots.images(
    {name: rows[name] for name in ("row 1", "row 2", "row 3")},
    "Seventeen stops on three walks",
    "Three rows of seventeen digits that change step by step.",
    size=0.5,
)

# %% [markdown]
# > **Try it.** A slanted 1, less an upright 1, plus an upright 4. And what is a 7, less a 1, plus a 4?

# %%
leans, stands = leaning > slanted, leaning < upright
plus = mean_codes((digit == 4) & stands, 30)
sum_of = (
    mean_codes((digit == 1) & leans, 30)
    - mean_codes((digit == 1) & stands, 30)
    + plus
)
made = shipped.generate(sum_of)
named = reader.probabilities(made).argmax(axis=1)
print(
    f"slanted 1 - upright 1 + upright 4: a 4 in {(named == 4).mean():.0%}", end=", "
)
print(f"slanted in {(slant(made) > slanted).mean():.0%}")
odd = (
    mean_codes(digit == 7, 30)
    - mean_codes(digit == 1, 30)
    + mean_codes(digit == 4, 30)
)
what = shipped.generate(odd)
named = np.bincount(reader.probabilities(what).argmax(axis=1), minlength=10) / 300
print(
    "7 - 1 + 4 is named:",
    {d: f"{share:.0%}" for d, share in enumerate(named) if share > 0.02},
)
plots.images(
    {"a slanted 4?": made[:10], "7 - 1 + 4": what[:10]},
    "Two sums, thirty codes a term",
    "Two rows of ten pictures.",
    size=0.6,
)

# %% [markdown]
# > **Try it.** Let the cheat move his digits up and not to the right: `axis=1`. Or let him turn them over:
# > `stolen[:, :, ::-1]`. Does he pass?

# %%
tricks = {
    f"moved up by {pixels}": np.roll(stolen, -pixels, axis=1)
    for pixels in (1, 2, 3)
}
tricks["turned over"] = stolen[:, :, ::-1]
for name, images in tricks.items():
    score = metrics.fidelity.memorization(judge.features(images), *known).score
    print(f"{name}: {score:.0%} of the pairs")

# %% [markdown]
# > **Try it.** Forty labels become ten: `[:10]`. Which of the three loses most?

# %%
forty = dict(shares)

# %% again="found, _ = margins.l2_svm("
# np.flatnonzero(labeled.labels == d)[:40] -> np.flatnonzero(labeled.labels == d)[:10]
for name, share in shares.items():
    print(f"{name!r}: {forty[name]:.1%} with forty, {share:.1%} with ten")

# %% [markdown]
# > **Try it.** `data.load("folder:PATH")` trains on your own photographs. Before you do: whose faces are they, and did
# > they agree?
