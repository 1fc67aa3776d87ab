"""Seeds that ever failed. Where the laboratory changed since, they stand for other schedules than then."""

#: (seed, whether effects came beyond the horizon).
FAILED: tuple[tuple[int, bool], ...] = (
    (1048, False),  # a machine that slept between look and claim answered beside a colleague
    (1072, False),  # a clock that jumped had a person asked while the request was on its way
    (10, False),  # the laboratory's person settled what nobody had asked about
    (1053, False),  # a clock without a name, begun anew three times
    (2073, False),  # the calm looked before the lease was over
    (5053, False),  # two edits within one span of looking
    (5113, False),  # a page with gaps
    (5543, False),  # the same
    (40179, True),  # what was said of an older post was taken for the newer one's approval
    (20198, False),  # a look of long ago was stored over what was read since
    (20419, False),  # a clock without a name
    (286, False),  # a clock without a name, met in the middle of a lease of its earlier start
    (40000117, False),  # a look of long ago brought a post back that was removed since
    (700000199, False),  # that a person saw no reply was forgotten once the next write was refused
    (900004180, False),  # that a person saw no reply was taken to end a first yes to a newer post
)
