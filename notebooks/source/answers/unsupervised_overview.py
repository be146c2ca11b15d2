# %% [markdown]
# > **Try it.** Give the player `rate=0.03`. It learns faster at first. Where does it end, and what has it stopped trying?

# %% [markdown]
# With 0.03 the player is right in 40 % of its answers 501 to 1,000, and with 0.01 in 26 %. At the end it is no longer
# ahead: 67 % against 70 %. The second line of each rate says why. It gives the digits 4 and 9 their own class with a
# probability of 0.01 and 0, so it hardly ever names these two classes. Who never names a class is never rewarded for
# it, and cannot learn it any more.
#
# With 0.1 it is worse: the player ends at 48 %, and four classes have a probability of 0. The larger the steps, the
# sooner the player is sure, and the less it tries. (This is one pass at each rate.)

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

# %% [markdown]
# With ink and paper exchanged, the VAE needs 11,662 bits for a digit instead of 114. That is far more than the 784
# bits of no model at all. Clothes take 1,543 bits. The model of single pixels knows less, is less sure, and so loses
# less: 4,839 and 933 bits.
#
# A coder spends $-\log_2 p$ bits on what it finds improbable. So a model that is *sure* of the wrong thing makes
# files that are longer than without any model, here by a factor of more than ten.

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

# %% [markdown]
# By its own density the VAE is now farthest from the truth, with at most 0.68 nats, and by their samples the VAE and
# the GAN are at 0.70 and 0.54. But compare with the moons, where they had 0.48 and 0.81: what suffers *most* is the
# mixture of twelve Gaussians. It falls from the first place, 0.02, to 0.54. Twelve bells are too few to stand in a
# row along two long arms.
#
# More of them help: with 24 Gaussians it is 0.20, and with 40 it is 0.07. With 60 it is 0.11, probably because bells that have
# few points each begin to learn the points and not the density.

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
