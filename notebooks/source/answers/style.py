# %% [markdown]
# > **Try it.** Cut the painting into 8x8 squares, and into 16x16. When does the style break, and how large are the cells
# > of the glass?

# %%
cut = {squares: jigsaw(glass, squares) for squares in (4, 8, 16, 32)}
for squares, picture in cut.items():
    print(f"squares of {len(glass) // squares} pixels a side:", end=" ")
    print(f"{judge.share(picture[None], 'glass'):.0%} of the patches are glass")
plots.panels(
    [glass, cut[8], cut[16]],
    ["the painting", "8 x 8 squares", "16 x 16 squares"],
    "A painting in stained glass, and cut into smaller and smaller squares.",
    size=2.2,
)

# %% [markdown]
# > **Try it.** `style_weight=1` and `style_weight=100`: which of the two numbers moves more? And begin with noise:
# > `start=rng.random(temple.shape)`. Then ask for the style alone, `content_weight=0`: you get more glass, of no
# > particular place.

# %%
# Half of the lecture's steps, to save time.
asked = {
    "style_weight=10": {},
    "style_weight=1": {"style_weight": 1},
    "style_weight=100": {"style_weight": 100},
    "from noise": {"start": rng.random(temple.shape)},
    "style alone": {"content_weight": 0},
}
painted = {}
for name, options in asked.items():
    its = transfers.StyleTransfer(features, temple, glass, **options)
    painted[name] = its.paint(25, epochs=4)
    print(f"{name}: style {share_of(painted[name]):.2f}", end=", ")
    print(f"content kept {kept_of(painted[name]):.2f}")
plots.panels(
    list(painted.values()),
    list(painted),
    "Five pictures of a temple in glass.",
    size=1.7,
)

# %% [markdown]
# > **Try it.** Your own pictures, in one line: `shipped.stylize("me.jpg", "painting.jpg")`, or
# > `transfers.transfer(features, "me.jpg", "painting.jpg")`, which takes longer and paints better. What does a photograph
# > of bricks make of you?

# %%
# The cat stands for you.
by_pass = shipped.stylize("cat", "brick")
by_search = transfers.transfer(features, "cat", "brick", steps=100)
plots.panels(
    [data.picture("cat"), data.picture("brick"), by_pass, by_search],
    ["a cat", "bricks", "stylize", "transfer, 100 steps"],
    "A cat, bricks, and two pictures of the cat painted by the bricks.",
    size=1.8,
)
edges = lambda picture: float(stylization.edges_kept(picture[None], cat[None])[0])
print(
    f"content kept: stylize {edges(by_pass):.2f}, transfer {edges(by_search):.2f}"
)
