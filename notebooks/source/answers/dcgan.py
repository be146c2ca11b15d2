# %% [markdown]
# > **Try it.** Put 3 into the loop. Which pixels get a single stroke, and what is the factor now?

# %% again="ratio = {k: max(four)"
# for k in (4, 5): -> for k in (3, 4, 5):
counts = transposed(np.ones((6, 6)), np.ones((3, 3)), 2).astype(int)
print("strokes on rows and columns 4 to 9:", *counts[4:10, 4:10], sep="\n")
print("factors:", {k: round(float(factor), 2) for k, factor in ratio.items()})

# %% [markdown]
# > **Try it.** A batch size of 64: the same number of digits, a third of the steps. What matters here, digits or steps?


# %%
def distance_of(epochs, batch_size):
    keras.utils.set_random_seed(seed)
    networks = my_generator(), my_discriminator()
    its = MyDCGAN(*networks, averaging=0.999, signed=True, seed=seed)
    how = rates | {"epochs": epochs, "batch_size": batch_size}
    recipes.dcgans.fit(its, digits.images, how, verbose=0, callbacks=progress())
    return judge.frechet(its.sample(10_000))


print(
    f"batches of 20, 6 epochs, 1200 steps: {report.rows['this DCGAN'].frechet:.0f}"
)
print(f"batches of 64, 6 epochs, {6 * 4000 // 64} steps: {distance_of(6, 64):.0f}")
print(f"batches of 20, 2 epochs, {2 * 4000 // 20} steps: {distance_of(2, 20):.0f}")

# %% [markdown]
# > **Try it.** `ablation("sgd")`, `ablation("minimax")`, `ablation("no-batch-norm")`. Do two epochs of 4,000 rank them as
# > the records do?

# %%
print(
    f"guidelines: {apart['the guidelines']:.0f} here, {frechet['guidelines']:.0f} in the records"
)
for key in ("sgd", "minimax", "no-batch-norm"):
    here = judge.frechet(ablation(key).sample(2000))
    print(f"{key}: {here:.0f} here, {frechet[key]:.0f} in the records")

# %% [markdown]
# > **Try it.** Take `normalized` out of `my_discriminator` and play again. Who wins now?


# %%
def my_discriminator():
    parts = [keras.Input((28, 28, 1)), down(10), layers.LeakyReLU(0.2)]
    parts += [down(20), layers.LeakyReLU(0.2), same(40), layers.LeakyReLU(0.2)]
    collect = layers.Dense(1, kernel_initializer=like_paper())
    return keras.Sequential([*parts, layers.Flatten(), collect])


plain, plain_log = game(inside=True)
for name, (its, its_log) in {
    "with batch normalization": (kept, kept_log),
    "without": (plain, plain_log),
}.items():
    fakes = its.generator(its.noise(20), training=True)
    both = ops.concatenate([fakes, 2 * digits.images[1000:1020] - 1])
    print(
        f"{name}: losses of D {its_log['d_loss'][-1]:.2f} and G {its_log['g_loss'][-1]:.2f}",
        end="; ",
    )
    print(
        f"samples among digits {float(ops.mean(its.false(both)[:20])):.1f}",
        end=", ",
    )
    print(f"alone {float(ops.mean(its.false(fakes))):.1f}; distance", end=" ")
    print(f"{judge.frechet(its.sample(2000)):.0f}")

# %%
plots.images(
    {"with": kept.sample(10, seed=1), "without": plain.sample(10, seed=1)},
    "Samples after eight short epochs of the deck's step",
    "Two rows of ten pictures.",
    size=0.6,
)
