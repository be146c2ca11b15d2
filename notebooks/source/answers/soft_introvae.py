# %% [markdown]
# > **Try it.** Let $\alpha$ be 0.1, then 10. Which of the two comes near a straight line? And what does the other one do
# > with fakes of more than a few nats?

# %%
asked = np.array([0, 2, 5, 20, 60, 120])
for alpha in (0.1, 2, 10):
    E = -scale * 16 * asked
    loss = np.asarray(exp_elbo(E, alpha))
    print(f"alpha {alpha}: at {asked.tolist()} nats the weight is", end=" ")
    print(np.round(np.exp(alpha * E), 2).tolist(), end=", the loss ")
    print(np.round(loss - loss[0], 2).tolist(), "more than at 0")

# %% [markdown]
# > **Try it.** Give the second VAE the coefficients 1 and 0.005. The noise that it assumes is narrower. Does the share
# > near an island grow?


# %%
class Narrower(NoGame):
    rec, kl = 1.0, 0.005


keras.utils.set_random_seed(seed)
narrow = Narrower(network(2, 4), network(2, 2))
fit(narrow, points, 5)
samples_of = PlainVAE(narrow.encoder, narrow.decoder).sample(5000, 1)
its = metrics.modes(samples_of, ring.modes, 0.1 / 3)
kl_grid, _ = metrics.grid_divergence(ring.sample(5000, 1), samples_of, ring.extent)
for name, (grid, near_one, islands) in seen.items():
    print(
        f"{name}: {near_one:.0%} near an island, {islands} islands, KL {grid:.0f}"
    )
print(
    f"1 and 0.005: {its.near:.0%} near an island, {its.found} islands, KL {kl_grid:.0f}"
)
print(f"assumed noise: {np.sqrt(0.05 / 2):.2f}, now {np.sqrt(0.005 / 2):.2f}")

# %% [markdown]
# > **Try it.** Ask about digits in white on black, `1 - test.flat`, and about uniform noise. Which of the two models is
# > surprised?

# %%
strangers = {
    "white on black": 1 - test.flat,
    "uniform noise": rng.random((300, 784)).astype("float32"),
}
for name, model in makers.items():
    found = aurocs(model)
    for stranger in strangers:
        error, kl, price = found[stranger]
        print(
            f"{name}, {stranger}: AUROC {error:.2f} by error, {kl:.2f} by KL, {price:.2f} by price"
        )

# %% [markdown]
# > **Try it.** Take the exponential away from the beginning: `exp_elbo = lambda elbo: 0 * elbo` before section 4. What is
# > left of the game?

# %%
exp_elbo = lambda elbo: 0 * elbo
keras.utils.set_random_seed(seed)
toothless = Game(network(2, 4), network(2, 2))
fit(toothless, points, 5)
drawn_now = PlainVAE(toothless.encoder, toothless.decoder).sample(5000, 1)
its = metrics.modes(drawn_now, ring.modes, 0.1 / 3)
kl_grid, _ = metrics.grid_divergence(ring.sample(5000, 1), drawn_now, ring.extent)
for name in ("VAE", "Soft-IntroVAE"):
    grid, near_one, islands = seen[name]
    print(
        f"{name}: {near_one:.0%} near an island, {islands} islands, KL {grid:.0f}"
    )
print(
    f"no exponential: {its.near:.0%} near an island, {its.found} islands, KL {kl_grid:.0f}"
)
print(
    f"distance of its samples from the center: {np.linalg.norm(drawn_now, axis=1).mean():.2f}"
)
print(f"distance of the data: {np.linalg.norm(points, axis=1).mean():.2f}")

# %% [markdown]
# > **Try it.** `soft_introvae.dense(target_every=100, gamma_r=0.5, beta_rec=0.2, beta_kl=0.3, beta_neg=0.9)` on the ring
# > of section 4: compile it with two optimizers, as in `fit`, and draw its samples. Then leave the target out and keep
# > $\gamma_r$.

# %%
from coursekit.models import soft_introvae

weights = {"gamma_r": 0.5, "beta_rec": 0.2, "beta_kl": 0.3, "beta_neg": 0.9}
for name, options in {
    "with a target": {"target_every": 100},
    "without": {},
}.items():
    keras.utils.set_random_seed(seed)
    its = soft_introvae.dense(widths=(64,) * 4, **options, **weights)
    fit(its, points, 5)
    drawn_now = its.sample(5000, 1)
    close = metrics.modes(drawn_now, ring.modes, 0.1 / 3)
    kl_grid, _ = metrics.grid_divergence(
        ring.sample(5000, 1), drawn_now, ring.extent
    )
    print(
        f"{name}: {close.near:.0%} near an island, {close.found} islands, KL {kl_grid:.0f}"
    )
