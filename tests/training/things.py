"""What invented customers write about, so that no two of their posts are alike."""

THINGS = (
    "kettle",
    "lamp",
    "sofa",
    "rug",
    "desk",
    "bed",
    "shelf",
    "chair",
    "clock",
    "mirror",
    "bench",
    "crib",
)
