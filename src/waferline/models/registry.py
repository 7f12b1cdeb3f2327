"""This module lists the models: a new one is one line here."""

from __future__ import annotations

from difflib import get_close_matches

from waferline.errors import BadInput
from waferline.models.arithmetic import COMPOUND_GROWTH, GROWTH
from waferline.models.compute.compute_demand import COMPUTE_DEMAND
from waferline.models.compute.drafts import DRAFT_TOKENS
from waferline.models.compute.edge import EDGE
from waferline.models.compute.exchange import EXPERT_EXCHANGE
from waferline.models.compute.inference import INFERENCE
from waferline.models.compute.jevons import JEVONS
from waferline.models.compute.kv_cache import KV_CACHE
from waferline.models.compute.price_trend import PRICE_TREND
from waferline.models.compute.service import SERVICE
from waferline.models.compute.training import TRAINING
from waferline.models.compute.training_benchmark import TRAINING_BENCHMARK
from waferline.models.compute.training_step import TRAINING_STEP
from waferline.models.compute.training_trend import TRAINING_TREND
from waferline.models.cycle.forecast_errors import FORECAST_ERRORS
from waferline.models.cycle.nowcast import NOWCAST
from waferline.models.cycle.regimes import CONTRACTION
from waferline.models.cycle.turning_points import TURNING_POINTS
from waferline.models.demand.adoption import ADOPTION
from waferline.models.demand.subsidy_response import IMPLIED_ELASTICITY, NET_PRICE_CUT, SUBSIDY_RESPONSE
from waferline.models.demand.subsidy_rule import SUBSIDY_RULE
from waferline.models.model import Model
from waferline.models.scaling.chinchilla import CHINCHILLA
from waferline.models.scaling.compute_optimal import COMPUTE_OPTIMAL
from waferline.models.scaling.coverage import COVERAGE
from waferline.models.scaling.dollar import SCALING_DOLLAR
from waferline.models.scaling.pass_at_k import PASS_AT_K
from waferline.models.scaling.repeated_sampling import REPEATED_SAMPLING
from waferline.models.supply.chain import CHAIN
from waferline.models.supply.memory import MEMORY_ON_ACCELERATORS
from waferline.models.supply.packages import PACKAGES
from waferline.models.supply.revenue_leg import UNITS_FROM_REVENUE
from waferline.models.supply.self_reliance import SELF_RELIANCE
from waferline.models.supply.self_reliance_total import SELF_RELIANCE_TOTAL
from waferline.models.supply.wafer_units import UNITS_FROM_WAFERS
from waferline.models.uncertainty.test_functions import SENSITIVITY_TEST

MODELS: tuple[Model, ...] = (
    GROWTH,
    COMPOUND_GROWTH,
    KV_CACHE,
    TRAINING,
    TRAINING_STEP,
    EDGE,
    PACKAGES,
    UNITS_FROM_REVENUE,
    TURNING_POINTS,
    CONTRACTION,
    NOWCAST,
    FORECAST_ERRORS,
    UNITS_FROM_WAFERS,
    MEMORY_ON_ACCELERATORS,
    CHAIN,
    ADOPTION,
    INFERENCE,
    EXPERT_EXCHANGE,
    DRAFT_TOKENS,
    SERVICE,
    PRICE_TREND,
    JEVONS,
    COMPUTE_DEMAND,
    CHINCHILLA,
    COMPUTE_OPTIMAL,
    PASS_AT_K,
    SCALING_DOLLAR,
    COVERAGE,
    REPEATED_SAMPLING,
    TRAINING_BENCHMARK,
    TRAINING_TREND,
    NET_PRICE_CUT,
    SUBSIDY_RULE,
    SUBSIDY_RESPONSE,
    IMPLIED_ELASTICITY,
    SELF_RELIANCE,
    SELF_RELIANCE_TOTAL,
    SENSITIVITY_TEST,
)


def model_named(name: str) -> Model:
    """The model of that name; refuses an unknown one with the near misses.

    >>> model_named("kv-cache").family
    'inference'
    """
    for each in MODELS:
        if each.name == name:
            return each
    names = [each.name for each in MODELS]
    near = get_close_matches(name, names, n=3)
    raise BadInput("model", "unknown model", ", ".join(names), repr(name)[:60], fix=" or ".join(near) or None)
