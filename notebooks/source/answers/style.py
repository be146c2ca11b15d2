# %% [markdown]
# > **Try it.** Cut the painting into 8x8 squares, and into 16x16. When does the style break, and how large are the cells
# > of the glass?

# %% [markdown]
# With 8x8 squares, of 16 pixels a side, the style does not break: the judge gives 100 % of the patches to glass. With
# 16x16 squares, of 8 pixels a side, it is 56 %, and with squares of 4 pixels 0 %. So the style breaks between 16 and
# 8 pixels. That is about the size of a cell: a square of 16 pixels holds a piece of lead line with color on both
# sides, and a square of 8 often holds a plain color. The limit is what a style is made of.

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
# > `start=rng.random(temple.shape)`. From noise, ask for the style alone, too, `content_weight=0`: you get more glass,
# > of no particular place.

# %% [markdown]
# From 10 to 1 the style falls from 0.44 to 0.06, and the content kept rises from 0.74 to 0.95. From 10 to 100 the
# style hardly moves any more, to 0.46, and the content falls to 0.60. So below 10 the style moves more, and above 10
# it is the content.
#
# From noise the picture has more glass, 0.88, but in 100 steps hardly any of the temple's edges come back (0.02): one
# can just make it out. The style alone, begun as the photograph, still keeps 0.60 of the edges, because the picture
# never had to leave them. Only from noise *and* without content nothing is left of the place: style 1.00, content
# -0.01. (All with half of the lecture's steps.)

# %%
# Half of the lecture's steps, to save time.
asked = {
    "style_weight=10": {},
    "style_weight=1": {"style_weight": 1},
    "style_weight=100": {"style_weight": 100},
    "from noise": {"start": (noise := rng.random(temple.shape))},
    "style alone": {"content_weight": 0},
    "both": {"content_weight": 0, "start": noise},
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
    "Six pictures of a temple in glass, the last one without a temple.",
    size=1.5,
)

# %% [markdown]
# > **Try it.** Your own pictures, in one line: `shipped.stylize("me.jpg", "painting.jpg")`, or
# > `transfers.transfer(features, "me.jpg", "painting.jpg")`, which takes longer and paints better. What does a photograph
# > of bricks make of you?

# %% [markdown]
# Here the cat stands for you, and bricks are the painting. The bricks are gray, so the cat loses its colors. One pass
# (`stylize`) covers it with fine upright lines. The search (`transfer`, with 100 steps) does more: joints of the wall
# run over fur and nose. Both keep the face, with 0.82 and 0.81 of the edges. Neither lays bricks: a whole brick is
# larger than the squares in which these features know what is where.

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
