# %% [markdown]
# > **Try it.** Give the player `rate=0.03`. It learns faster at first. Where does it end, and what has it stopped trying?

# %%
for rate in (0.01, 0.03, 0.1):
    weights, right = one_pass(rows, train.labels[order], "reward", rate=rate)
    p = special.softmax(rows @ weights, axis=1)
    of_its_own = [p[train.labels[order] == k, k].mean() for k in range(10)]
    print(
        f"rate {rate}: {right[500:1000].mean():.0%} right of 501 to 1,000,", end=" "
    )
    print(f"{right[-500:].mean():.0%} of the last 500")
    print("  probability of each digit's own class:", np.round(of_its_own, 2))
    print(f"  probability of the most probable class: {p.max(axis=1).mean():.2f}")

# %% [markdown]
# > **Try it.** `likelihood.elbo(1 - x_unseen, small_vae.elbo)`: how many bits does the VAE need when ink and paper are
# > exchanged? And for clothes? What would the coder of a model that is *sure* of the wrong thing do?

# %%
clothes = data.load("fashion_mnist", "test", limit=1000)
x_clothes = likelihood.binarize(clothes.flat, "thresholded")
for name, x in {
    "digits": x_unseen,
    "exchanged": 1 - x_unseen,
    "clothes": x_clothes,
}.items():
    its_bound = likelihood.elbo(x, small_vae.elbo)
    print(
        f"{name}: {likelihood.bits_per_image(its_bound.elbo):.0f} bits by the VAE",
        end=", ",
    )
    print(f"{code_length(x, theta).mean():.0f} with each pixel by itself")

# %% [markdown]
# > **Try it.** `moons = data.toy("spirals")`, and run from there. Which of the five suffers most? Give the mixture what
# > it needs.

# %% again="def histogram(points, bins"
# moons = data.toy("moons") -> moons = data.toy("spirals")

# %% again="from sklearn.mixture import"

# %% again="def falling(rate"

# %% again="def vae_log_q"

# %% again="name in own else"

# %%
for gaussians in (12, 24, 40, 60):
    mixture = GaussianMixture(gaussians, random_state=seed).fit(points)
    print(
        f"{gaussians} Gaussians: {kl(mixture.score_samples):.2f} nats from the spirals"
    )
