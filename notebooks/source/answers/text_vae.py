# %% [markdown]
# > **Try it.** Give the network the beginning of a modern sentence as a prompt, such as `letters.encode("The internet is
# > ")`. Does it notice that something is wrong? Ask for `shipped.bits` of your sentence,
# > `letters.encode(...)[None]`.

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
        dict(zip(range(len(beginning)), np.float64(each).round(1).tolist())),
    )

# %% [markdown]
# > **Try it.** Let the network write one text in a million, `share=1e-6`. What does this cost? Compute it first, from
# > $\log_2 10^6 \approx 20$.

# %%
print(
    f"computed: {np.log2(1e6):.2f} bits for a text, {np.log2(1e6) / 256:.3f} for each of 256 letters"
)
for share in (0.01, 1e-6):
    extra = (log2_p - babbling(log2_p, 256, share)) / 256
    print(f"share {share:g}: {extra.mean():.3f} bits a letter more")
print(f"bits a letter of the network itself: {-log2_p.mean() / 256:.2f}")

# %% [markdown]
# > **Try it.** Put two lines of your own into `ends`, of 40 letters at most. Then set `temperature=1`. What do the lines
# > of one code have in common?

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
