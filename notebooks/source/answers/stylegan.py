# %% [markdown]
# > **Try it.** Give both a minute (`120 if full` in the code). Who is ahead now? Then mix styles as the paper does,
# > `mixing=0.9`.

# %% again="def race(maker, rate"
# (120 if full else 10) -> 20
longer = {
    "styles": race(stylegan.paper, 5e-3, 0.0, 1.0, **few),
    "styles, mixing": race(stylegan.paper, 5e-3, 0.0, 1.0, **few | {"mixing": 0.9}),
    "DCGAN": race(dcgan.paper, 2e-3, 0.5, 0.5, loss="least-squares", **plain),
}
for name, (_, seen, images) in longer.items():
    after = judge.measure(images)
    print(f"{name}: {seen:,} faces in 20 seconds", end=", ")
    print(f"Fréchet {after.frechet:.1f}, recall {after.recall:.2f}")
for name, (_, seen, _) in raced.items():
    print(
        f"{name}: {seen:,} faces in 10 seconds, Fréchet {results[name].frechet:.1f}"
    )

# %% [markdown]
# > **Try it.** Split the 8x8 layers: `groups = {"first 8x8": [1], "second 8x8": [2]}`. Which of the two decides the
# > clothes?

# %%
groups = {"first 8x8": [1], "second 8x8": [2]}
halves = disentanglement.mixing_table(model.synthesize, reader.read, a, b, groups)
for name, row in halves.items():
    print(
        f"{name}:",
        {group: f"{share:.2f}" for group, share in row.items()},
        end=", ",
    )
    print(f"together {table[name]['8x8']:.2f}")

# %% [markdown]
# > **Try it.** Read the skin: `reader.read(truncated[0.5])["skin"]` is from 0, light, to 1, dark. Compare its smallest
# > and largest values with those at $\psi = 1$.

# %%
for psi in (1.0, 0.5, 0.25):
    skin = np.ravel(reader.read(truncated[psi])["skin"])
    print(
        f"psi = {psi:g}: skin from {skin.min():.2f} to {skin.max():.2f}, mean {skin.mean():.2f}"
    )

# %% [markdown]
# > **Try it.** Set "layers of the first" to 1, and go through the pairs. Then let psi fall to 0.4: what do all middle
# > faces have in common?

# %%
strips = {
    f"{pair}, psi = {psi:g}": between(pair, 1, psi)
    for psi in (1.0, 0.4)
    for pair in pairs
}
plots.panels(
    list(strips.values()),
    list(strips),
    "Six strips of three faces: first, mixed, second.",
    size=2.2,
    suptitle="First face, mixed face (its 4x4 layer is the first one's), second face",
)
for psi in (1.0, 0.4):
    one, other = all_styles[[0, 3, 8]], all_styles[[7, 16, 13]]
    one, other = truncate(one, psi), truncate(other, psi)
    middle = model.synthesize(mixed(one, other, [0]), noise=None)
    apart = np.mean(
        [np.abs(middle[i] - middle[j]).mean() for i, j in ((0, 1), (0, 2), (1, 2))]
    )
    print(
        f"psi = {psi:g}: two middle faces differ by {apart:.2f} of a pixel's range"
    )
    print(
        "  hair styles:",
        [portraits.STYLES[k] for k in reader.read(middle)["hair_style"].argmax(1)],
    )
