# %% [markdown]
# > **Try it.** Walk from `face_codes[[1]]`, whose head leans to one side already, over `np.linspace(-2.4, 2.4, 7)`:
# > which row falls apart, and at which end? Then add two arrows at once, glasses *and* a darker skin: does each still do
# > only its own work?

# %%
start, steps = face_codes[[1]], np.linspace(-2.4, 2.4, 7)
walks = {
    name: np.asarray(
        artist.decode(np.float32(start + steps[:, None] * arrow[name]))
    )
    for name in ("skin", "hair_color", "mouth", "tilt", "glasses")
}
for name, walk in walks.items():
    again = np.asarray(artist.encode(walk)[0])
    off = np.linalg.norm(again - (start + steps[:, None] * arrow[name]), axis=1)
    print(f"{name}: read back, the code is off by", np.round(off, 1))
plots.images(
    walks,
    "From a face that leans already, farther out",
    "Rows of seven faces; the row of the tilt breaks at one end.",
    columns=[f"{step:+.1f}" for step in steps],
    size=0.7,
)

# %%
reading = {
    name: Ridge(1.0).fit(
        face_codes[:800], faces.factors[name][:800].astype("float32")
    )
    for name in wanted
}
dark = (
    np.sign(reading["skin"].coef_ @ arrow["skin"]) * arrow["skin"]
)  # skin: 1 is dark
moves = {
    "as it was": 0 * dark,
    "glasses": 1.6 * arrow["glasses"],
    "darker": 1.6 * dark,
    "both": 1.6 * (arrow["glasses"] + dark),
}
middle_face = face_codes[[721]]
for name, move in moves.items():
    z = middle_face + move
    print(f"{name}: glasses {reading['glasses'].predict(z)[0]:.2f}", end=", ")
    print(f"skin {reading['skin'].predict(z)[0]:.2f}", end=", ")
    print(f"hair {reading['hair_color'].predict(z)[0]:.2f}")
pictures = artist.decode(np.float32(middle_face + np.stack(list(moves.values()))))
plots.images(
    {"": np.asarray(pictures)},
    "Two arrows, alone and added",
    "Four faces: as it was, with glasses, darker, both.",
    columns=list(moves),
    size=0.9,
)

# %% [markdown]
# > **Try it.** The other cure is `free_bits`: up to so many nats a dimension may carry without paying. Set
# > `{"free_bits": 0.3}`. More dimensions are alive now; has the bound moved?

# %%
keras.utils.set_random_seed(seed)
free = vae.dense(20, (256, 128), free_bits=0.3)
fit(free, 15, rate=1e-2)
codes = [np.asarray(part) for part in free.encode(x_test)]
nats = likelihood.kl_per_dimension(*codes)
for name, count in alive.items():
    print(f"{name}: {count} carry over 0.1 nat, ELBO {after[name]:.1f}")
print(f"free bits: {(nats > 0.1).sum()} carry over 0.1 nat", end=", ")
print(f"ELBO {likelihood.elbo(x_test, free.elbo).elbo:.1f}")
print("nats of each dimension, sorted:", np.round(np.sort(nats)[::-1], 2))

# %% [markdown]
# > **Try it.** `plots.images(drawn, "Ten codes from the prior", "Rows of digits")`. The bound is best at one β; in which
# > row do you like the digits best?

# %%
print(
    {f"β = {b:g}": round(float(bound.elbo), 1) for b, bound in zip(betas, measured)}
)
plots.images(drawn, "Ten codes from the prior", "Rows of digits", size=0.6)
