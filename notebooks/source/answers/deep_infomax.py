# %% [markdown]
# > **Try it.** Build `dim` with `estimator="jsd"` or `"dv"`, and fit `dim` instead of `mine`. Which of the three learns
# > from so few pictures?

# %%
print(f"untrained: {untrained.mean:.1%}; InfoNCE: {reached.mean:.1%}")
for estimator in ("jsd", "dv"):
    its, kept = twins(
        infomax.strided, (32, 32, 3), gray=True, estimator=estimator, **LOCAL
    )
    estimates = fit(its, patches.images, 3, batch=64)["local"]
    _, after = before_after([(its, kept)], album)
    print(f"{estimator}: {after.mean:.1%}; its estimate:", np.round(estimates, 2))

# %% [markdown]
# > **Try it.** Fit `shared` with `standardized=True`: then no piece of clothing is darker than another one. Can its
# > places still be found, and does `fc` still gain?

# %%
for standardized in (False, True):
    both = twins(infomax.strided, (28, 28, 1), standardized=standardized, **LOCAL)
    estimates = fit(both[0], clothes.images, 3, batch=64)["local"]
    was, now = before_after([both], wardrobe)
    print(
        f"standardized={standardized}: InfoNCE",
        np.round(estimates, 2),
        end=" nats; ",
    )
    print(f"fc {was.mean:.1%} untrained, {now.mean:.1%} trained")

# %% [markdown]
# > **Try it.** Run section 2 with `gray=False, standardized=False`. The estimate rises faster. Do the features?

# %%
print(
    "gray, standardized: InfoNCE",
    np.round(history["information"], 2),
    end=" nats; ",
)
print(f"fc {untrained.mean:.1%} untrained, {reached.mean:.1%} trained")
colored = twins(
    infomax.strided, (32, 32, 3), gray=False, standardized=False, **LOCAL
)
in_color = fit(MyDIM(colored[0].scorer), patches.images, 3, batch=64)
was, now = before_after([colored], album)
print("in color: InfoNCE", np.round(in_color["information"], 2), end=" nats; ")
print(f"fc {was.mean:.1%} untrained, {now.mean:.1%} trained")
