# %% [markdown]
# > **Try it.** Write the beginning of a song that you know into `scale`. Key 60 is the middle C. The next key to the
# > right is one more, which musicians call a *semitone* higher.

# %%
# “Frère Jacques”: C D E C, twice
scale = [
    (key, 16 * bar + 4 * beat, 4)
    for bar in (0, 1)
    for beat, key in enumerate((60, 62, 64, 60))
]
print(symbols(scale))

# %% [markdown]
# > **Try it.** Give 96 free bits instead of 24. How many bits does the code carry then? Does it use all that is free?

# %%
weights, free_bits = mine.get_weights(), mine.free_bits.numpy()
restart(mine, start)
for setting, value in zip(
    (mine.beta, mine.free_bits, mine.hidden), (0.2, 96.0, 0.0)
):
    setting.assign(value)
mine.fit(bars, **settings, callbacks=progress())
nats, kl = map(ops.convert_to_numpy, mine.terms(unseen, unseen))
right = music.accuracy(unseen, writer.reconstruct(unseen))
for name, (r, d, *_, notes) in row.items():
    print(
        f"{name}: R = {r:.1f} bits, D = {d:.1f} bits, {notes:.0%} of the notes right"
    )
r, d = kl.mean() / np.log(2), nats.mean() / np.log(2)
print(f"96 bits free: R = {r:.1f} bits, D = {d:.1f} bits,", end=" ")
print(f"{right['note']:.0%} of the notes right")
mine.set_weights(weights)
mine.free_bits.assign(free_bits)

# %% [markdown]
# > **Try it.** Choose other ends (`heard[1]`, `heard[3]`). Then go beyond them: let $t$ run from -0.5 to 1.5. How far can
# > you go before the melodies fall apart?

# %%
a, b = heard[1], heard[3]
z_a, z_b = musicvae.codes(np.stack([a, b]))
way = musicvae.decode(line(z_a, z_b), temperature=0)
print(
    "bits a step on the way:",
    np.round([counted[5].bits(m[None]).mean() for m in way], 1),
)
print("over 256 pairs of melodies:")
for t in (-1, -0.5, -0.25, 0, 0.5, 1, 1.25, 1.5, 2):
    z = (1 - t) * codes[0] + t * codes[1]
    made = musicvae.decode(z, temperature=0)
    print(f"t = {t:+.2f}: {counted[5].bits(made).mean():.2f} bits a step", end=", ")
    print(f"length of the code {np.linalg.norm(z, axis=1).mean():.1f}", end=", ")
    print(f"{(made > 1).mean():.0%} of the steps begin a note")
