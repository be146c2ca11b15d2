# %% [markdown]
# > **Try it.** Move the digits by one pixel only, and make the blur 2 pixels wide. Does the loss still prefer the blurred
# > picture, for each digit?

# %%
blurred = ndimage.gaussian_filter(digits, (0, 2, 2))
moved = ndimage.shift(digits, (0, 0, 1), order=0)
prefers = (error(blurred) < error(moved)).mean()
print(f"the loss prefers the blurred picture for {prefers:.1%} of the digits")
print(
    f"mean error: blurred {error(blurred).mean():.3f}, moved {error(moved).mean():.3f}"
)
for digit in (1, 0):
    of_it = data.load("digits", "test").labels == digit
    share = (error(blurred) < error(moved))[of_it].mean()
    print(f"of the {digit}s: for {share:.0%}")

# %% [markdown]
# > **Try it.** Freeze the generator when it is done (`mine.generator`), and train a fresh `Discriminator` on its samples.
# > Which of the two lines does its value reach?

# %%
fresh = Discriminator()
fresh.compile(network=keras.optimizers.Adam(3e-3))
noise = rng.normal(size=(12_800, 1)).astype("float32")
pairs = np.hstack([x[:12_800], np.asarray(mine.generator(noise))])
its = fresh.fit(pairs, batch_size=128, epochs=5, verbose=0, callbacks=progress())
print(f"a fresh discriminator: V = {its.history['value'][-1]:.3f}")
print(f"the best discriminator: V = {-np.log(4) + 2 * apart[-1]:.3f}")
print(f"V in training: {history['value'][-1]:.3f}; -log 4 = {-np.log(4):.3f}")

# %% [markdown]
# > **Try it.** `how=None` plays with Adam (rates of 0.002). What is left of the difference?

# %%
for loss in ("minimax", "non-saturating"):
    late.set_weights(start[0])
    alert.set_weights(start[1])
    game = gan.GAN(late, alert, loss=loss, seed=seed)
    film, _ = play(game, x, 4, 2, mean_of, rates=(2e-3, 2e-3), how=None)
    steps, means = np.transpose(film.shots)
    print(
        f"{loss}, Adam: first beyond -1 after {steps[np.argmax(means > -1)]:.0f} steps",
        end="; ",
    )
    print(
        "mean at steps 0, 40, 80, 160, 320:",
        np.round(np.interp([0, 40, 80, 160, 320], steps, means), 1),
    )
for loss, (steps, means) in places.items():
    print(f"{loss}, SGD: mean at steps 0, 40, 80, 160, 320:", end=" ")
    print(np.round(np.interp([0, 40, 80, 160, 320], steps, means), 1))
