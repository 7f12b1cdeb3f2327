"""This module is a broker's rule for a subsidy: natural growth plus an uplift that differs by price band, made transparent.

The rule states the largest and the smallest uplift of a band and the growth that follows, but not the weights of the
bands. So it is solved the other way round: which weights allow the growth, and what the second half year then implies.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Input, Model, Output, Values
from waferline.quantity.relations.base import Phrase


def _compute(x: Values) -> Mapping[str, Array]:
    """The mean uplift that each end of the growth needs, and what it allows for the weights of the outer bands.

    With uplifts u between `least` and `most`, a band of the largest uplift with weight w gives a mean of at least
    w·most + (1 − w)·least, and one of the smallest uplift with weight v a mean of at most v·least + (1 − v)·most. So
    w ≤ (mean − least) / (most − least) and v ≤ (most − mean) / (most − least); both ends of the ranges must allow it.
    """
    natural = x["natural_growth"]
    most = (x["top_uplift_low"], x["top_uplift_high"])
    least = (x["bottom_uplift_low"], x["bottom_uplift_high"])
    mean = (x["growth_low"] - natural, x["growth_high"] - natural)
    x.refuse(most[0] <= least[0], "the largest uplift is not above the smallest")
    for end in (0, 1):
        x.refuse(
            (mean[end] < least[end]) | (mean[end] > most[end]),
            "no weights of the bands give this growth",
            f"a mean uplift from {float(np.max(least[end])):.3f} to {float(np.min(most[end])):.3f}",
            f"{float(np.mean(mean[end])):.3f}",
        )
    top = [(m - lo) / (hi - lo) for m, lo, hi in zip(mean, least, most, strict=True)]
    bottom = [(hi - m) / (hi - lo) for m, lo, hi in zip(mean, least, most, strict=True)]
    later = (x["later_growth_low"] - natural, x["later_growth_high"] - natural)
    found = {
        "mean_uplift_low": mean[0],
        "mean_uplift_high": mean[1],
        "top_weight_most": np.minimum(top[0], top[1]),
        "bottom_weight_most": np.minimum(bottom[0], bottom[1]),
        "later_uplift_low": later[0],
        "later_uplift_high": later[1],
        "fade_low": 1 - later[1] / mean[1],
        "fade_high": 1 - later[0] / mean[0],
        "below_smallest": least[0] - later[1],
        "stated_low": x["growth_low"],
        "stated_high": x["growth_high"],
        "later_stated_low": x["later_growth_low"],
        "later_stated_high": x["later_growth_high"],
        "growth_middle": (x["growth_low"] + x["growth_high"]) / 2,
        "later_growth_middle": (x["later_growth_low"] + x["later_growth_high"]) / 2,
    }
    if x.has("weights"):
        weights, uplifts = x["weights"], x["uplifts"]
        x.refuse(len(weights) != len(uplifts), "weights and uplifts are not of one length")
        x.refuse(abs(weights.sum() - 1) > 1e-6, "the weights do not add to one", found=f"{weights.sum():.4f}")
        found["growth"] = natural + np.sum(weights * uplifts)
    return found


def _percent(name: str, zh: str, en: str) -> Input:
    return Input(name, "x", Phrase(zh, en), low=-1, high=10)


SUBSIDY_RULE = Model(
    "subsidy-rule",
    Phrase("补贴拉动（分价位段规则）", "A subsidy by a rule of price bands"),
    "subsidy",
    (
        _percent("natural_growth", "自然增速", "growth without the subsidy"),
        _percent("top_uplift_low", "最大增幅（下限）", "largest uplift of a band, lower end"),
        _percent("top_uplift_high", "最大增幅（上限）", "largest uplift of a band, upper end"),
        _percent("bottom_uplift_low", "最小增幅（下限）", "smallest uplift of a band, lower end"),
        _percent("bottom_uplift_high", "最小增幅（上限）", "smallest uplift of a band, upper end"),
        _percent("growth_low", "所述增速（下限）", "growth stated for the first half year, lower end"),
        _percent("growth_high", "所述增速（上限）", "growth stated for the first half year, upper end"),
        _percent("later_growth_low", "下半年所述增速（下限）", "growth stated for the second half year, lower end"),
        _percent("later_growth_high", "下半年所述增速（上限）", "growth stated for the second half year, upper end"),
        Input("weights", "x", Phrase("各价位段占比", "shares of the price bands"), low=0, high=1, many=True, optional=True),
        Input("uplifts", "x", Phrase("各价位段增幅", "uplifts of the price bands"), low=-1, high=10, many=True, optional=True),
    ),
    (
        Output("mean_uplift_low", "x", Phrase("所需平均增幅（下限）", "mean uplift that the lower end needs"), shown="%"),
        Output("mean_uplift_high", "x", Phrase("所需平均增幅（上限）", "mean uplift that the upper end needs"), shown="%"),
        Output("top_weight_most", "x", Phrase("增幅最大价位段占比上限", "largest share that the band of the largest uplift can have"), shown="%"),
        Output("bottom_weight_most", "x", Phrase("增幅最小价位段占比上限", "largest share that the band of the smallest uplift can have"), shown="%"),
        Output("later_uplift_low", "x", Phrase("下半年隐含增幅（下限）", "uplift left in the second half year, lower end"), shown="%"),
        Output("later_uplift_high", "x", Phrase("下半年隐含增幅（上限）", "uplift left in the second half year, upper end"), shown="%"),
        Output("fade_low", "x", Phrase("隐含衰减（下限）", "part of the uplift that must fade, lower end"), shown="%"),
        Output("fade_high", "x", Phrase("隐含衰减（上限）", "part of the uplift that must fade, upper end"), shown="%"),
        Output("below_smallest", "x", Phrase("下半年增幅低于最小增幅的差", "how far the second half lies below the smallest uplift"), shown="%"),
        Output("stated_low", "x", Phrase("上半年所述增速（下限）", "growth stated, lower end"), shown="%"),
        Output("stated_high", "x", Phrase("上半年所述增速（上限）", "growth stated, upper end"), shown="%"),
        Output("later_stated_low", "x", Phrase("下半年所述增速（下限）", "growth stated for the second half, lower end"), shown="%"),
        Output("later_stated_high", "x", Phrase("下半年所述增速（上限）", "growth stated for the second half, upper end"), shown="%"),
        Output("growth_middle", "x", Phrase("上半年增速中值", "middle of the growth stated"), shown="%"),
        Output("later_growth_middle", "x", Phrase("下半年增速中值", "middle of the growth stated for the second half"), shown="%"),
        Output("growth", "x", Phrase("给定占比与增幅的增速", "growth on given weights and uplifts"), shown="%"),
    ),
    _compute,
    formula="growth = natural + Σ weight · uplift; solved for the weights that smallest and largest uplift allow",
    source="the rule as a broker's report states it in words; the bounds are linear programmes solved by hand",
)  # fmt: skip
