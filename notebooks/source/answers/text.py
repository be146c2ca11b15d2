# %% [markdown]
# > **Try it.** In `NextLetter.call`, replace `before` by `x` in the embedding, and run the test again. Which claim fails?
# > Train it as in the next section, if you like: how many bits does it seem to pay?

# %% [markdown]
# The first claim fails: prediction 20 moves itself, when letter 20 is changed. It must not, since that is the letter
# that it predicts. Eight predictions move as before, but they are 20 to 27.
#
# Trained on 500 windows, the network seems to pay 0.004 bits for a letter of the unseen play. It has been shown each
# letter that it is asked for. So a number that is far too good is a sign of this mistake, and the test with one
# changed letter finds it in a second.

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
# > **Try it.** Train with 4,000 windows instead of 2,000. How much is gained? Then halve the number of blocks, with
# > dilations 1 to 8: which loss does the shorter memory cause?

# %% [markdown]
# With 4,000 windows a letter costs 2.57 bits instead of 2.70. So twice the letters bring the network past counting
# four letters (2.64), and still not to counting five (2.53).
#
# With dilations 1 to 8 it pays 2.70 bits, as with dilations up to 128. So in so short a training the shorter memory
# costs nothing: sixteen letters are all that this network has learned to use. (One training each.)

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
# > **Try it.** Give the network the beginning of a modern sentence as a prompt, such as `letters.encode("The internet is
# > ")`. Does it notice that something is wrong? Ask for `shipped.bits` of your sentence.

# %% [markdown]
# It does notice, letter by letter. The prompt costs 2.8 bits a letter, and "The innocent is ", which has the same
# length and no modern word, 2.2. Look where the bits are. Up to "inter" the letters are cheap, as many words begin
# so. Then the n costs 4.9 bits and the t at the end 5.6: these the network did not expect. But it goes on writing as
# if nothing had happened, and after both prompts it writes the same text. The random numbers are the same, and it has
# no idea what an internet is.

# %%
for beginning in ("The internet is ", "The innocent is "):
    more = shipped.sample(
        1, 120, temperature=0.8, seed=seed, prompt=letters.encode(beginning)
    )
    print(repr(beginning + letters.decode(more)[0].removeprefix(beginning)))
    x = letters.encode(beginning)[None]
    each = -np.asarray(shipped.log2_probability(x))[0]
    print(
        f"  {each.mean():.1f} bits a letter:",
        dict(zip(range(len(beginning)), each.round(1).tolist())),
    )

# %% [markdown]
# > **Try it.** Put two lines of your own into `ends`, of 40 letters at most. Then set `temperature=1`. What do the lines
# > of one code have in common?

# %% [markdown]
# With `temperature=1` the five lines of one code have their beginning in common, and about their length. The lines of
# the first code begin with "The" and those of the second with "Wh", and the second are twice as long. What comes
# after the first letters is drawn anew each time. This is what the code of this network holds: how a line begins, and
# when it ends.

# %%
ends = "The night is dark.", "Where have you been so long, my lord?"
print(*between(liner, *ends), sep="\n")

# %%
codes_of_ends = liner.codes(letters.pad(list(ends), liner.steps))
for code in codes_of_ends:
    lines = letters.unpad(
        liner.decode(np.repeat(code[None], 5, axis=0), temperature=1)
    )
    print(*lines, "", sep="\n")
