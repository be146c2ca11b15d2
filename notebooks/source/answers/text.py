# %% [markdown]
# > **Try it.** In `NextLetter.call`, replace `before` by `x` in the embedding, and run the test again. Which claim fails?
# > Train it as in the next section, if you like: how many bits does it seem to pay?

# %% again="class NextLetter(Model):"
# h, total = self.embedding(before), 0.0 -> h, total = self.embedding(x), 0.0

# %%
small = NextLetter(channels=16, dilations=(1, 2, 4))
moved = np.abs(np.array(small(one)) - np.array(small(other))).max(axis=-1)[0]
print("predictions that move:", np.flatnonzero(moved > 0).tolist())

# A quarter of the next section's letters are enough.
some = letters.windows(train.letters, 256, 64).astype("int32")
some = some[rng.permutation(len(some))[:500]]
keras.utils.set_random_seed(seed)
cheat = NextLetter()
cheat.compile(keras.optimizers.Adam(8e-3, clipnorm=1.0))
log = cheat.fit(some, batch_size=8, epochs=1, verbose=0, callbacks=progress())
x = letters.windows(test.letters, 256)[:40].astype("int32")
nats = ops.sparse_categorical_crossentropy(x, cheat(x), from_logits=True)
print(
    f"it seems to pay {float(ops.mean(nats)) / np.log(2):.3f} bits for a letter of the unseen play"
)

# %% [markdown]
# > **Try it.** Train with 4,000 windows instead of 2,000. How much is gained? Then take half as many blocks, with
# > dilations 1 to 8. How many bits does the shorter memory cost?

# %% again="windows = letters.windows(train.letters, 256, 64)"
# None if full else 2000 -> 4000
longer_bits = network_bits(mine, test.letters).mean()

# %% again="windows = letters.windows(train.letters, 256, 64)"
# mine = NextLetter() -> mine = NextLetter(dilations=(1, 2, 4, 8))
shorter_bits = network_bits(mine, test.letters).mean()
print(
    f"2,000 windows: {mine_bits:.2f} bits a letter; 4,000 windows: {longer_bits:.2f}"
)
print(f"2,000 windows, dilations 1 to 8: {shorter_bits:.2f}")
print(f"counting four letters: {counts[4]:.2f}, five: {counts[5]:.2f}")

# %% [markdown]
# > **Try it.** In `attend`, replace `-np.inf` by `0`. Which answers move now? What has the layer seen that it must not see?

# %% again="def attend(h, query, key, value):"
# fit, -np.inf) -> fit, 0)

# %%
(w, g), (_, g_other) = attend(h, *maps), attend(h_other, *maps)
touched = np.flatnonzero(np.abs(g - g_other).max(axis=1) > 0)
print(f"answers {touched[0]} to {touched[-1]} move, {len(touched)} of 40")
later = np.triu(w, 1).sum(axis=1)
print(f"weight that goes to later places: {later[0]:.2f} at place 0", end=", ")
print(f"{later[20]:.2f} at place 20, {later[39]:.2f} at place 39")
