# %% [markdown]
# > **Try it.** Train `honest` on the digits 6 and 9 alone. Which turns can it still tell, and what has it then learned
# > about the two classes?

# %%
pair = np.isin(digits.labels, (6, 9))
honest = network()
fit(MyRotNet(honest), moved(digits.images[pair]), 6)
chosen = np.isin(digits_test.labels, (6, 9))
taken, which = turns_taken(honest, scattered[chosen]), digits_test.labels[chosen]
print("rows: turn made, columns: turn answered (0°, 90°, 180°, 270°), in percent")
for digit in (6, 9):
    rows = [np.bincount(row, minlength=4) for row in taken[:, which == digit]]
    print(
        digit,
        [np.round(100 * row / row.sum()).astype(int).tolist() for row in rows],
    )

# %% [markdown]
# > **Try it.** Repeat the second test: move the test clothes by one pixel with `np.roll`, as in section 3. How much does
# > `turner` lose?

# %%
for shift in ((0, 0), (-1, -1), (1, 1), (-3, -3)):
    rolled = np.roll(clothes_test.images, shift, axis=(1, 2))
    print(f"moved by {shift}: {turner.rotation_accuracy(rolled):.1%} of the turns")

# %% [markdown]
# > **Try it.** Choose the *epoch* in the same way. Train a new RotNet for one epoch at a time, keep its validation
# > accuracy at `conv3` after each, and stop where it is highest. Does the accuracy at the puzzle have its best epoch at
# > the same time?

# %%
new, _ = twins(rotnet.small, augment=True)
new.compile(keras.optimizers.Adam(2e-3))
for epoch in range(1, 9):
    new.fit(clothes.images, batch_size=32, epochs=1, verbose=0)
    validation, _ = both_ways(new.network, "conv3")
    solves = new.rotation_accuracy(clothes_test.images)
    print(
        f"epoch {epoch}: validation {validation:.1%}, turns recognized {solves:.1%}"
    )

# %% [markdown]
# > **Try it.** Give the probe of `rotnet-fashion` all labels, with `per_class=None` in `probes.linear`. How far is it
# > still ahead of raw pixels?

# %%
for name, its in {
    "rotnet-fashion, conv3": conv3_of(patient.network),
    "raw pixels": features["raw pixels"][0],
}.items():
    x, x_test = its
    few = probes.linear(x, clothes.labels, x_test, clothes_test.labels)
    every = probes.linear(
        x, clothes.labels, x_test, clothes_test.labels, per_class=None
    )
    print(
        f"{name}: {few.mean:.1%} with 10 labels a class, {every.mean:.1%} with all"
    )
