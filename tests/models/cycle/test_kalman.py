"""The filter gives what the normal distribution of everything gives, worked out at once."""

import numpy as np
import pytest

from waferline.models.cycle.kalman import Dynamics, Seen, kalman


def test_the_filter_agrees_with_the_joint_normal_distribution():
    rng = np.random.default_rng(4)
    n, steps = 3, 5
    moves = Dynamics(rng.normal(size=(n, n)) * 0.5, rng.normal(size=n), np.diag([0.3, 0.0, 0.2]))
    mean, covariance = rng.normal(size=n), np.diag([1.0, 2.0, 0.5])
    seen = {
        step: [Seen(rng.normal(size=n), float(rng.normal()), 0.1 + 0.2 * k) for k in range(count)]
        for step, count in ((0, 1), (1, 0), (2, 2), (4, 1))
    }

    found = kalman(moves, mean, covariance, seen, steps)

    # All states as one vector: each is the first state and the noises so far, carried on.
    means, blocks = [mean], [[covariance]]
    for step in range(1, steps):
        means.append(moves.move @ means[-1] + moves.drift)
        row = [moves.move @ blocks[step - 1][k] for k in range(step)]
        blocks.append([*row, moves.move @ blocks[step - 1][step - 1] @ moves.move.T + moves.noise])
    whole = np.block(
        [[blocks[i][j] if j <= i else blocks[j][i].T for j in range(steps)] for i in range(steps)]
    )
    centre = np.concatenate(means)
    rows, values, noises = [], [], []
    for step, numbers in seen.items():
        for each in numbers:
            row = np.zeros(n * steps)
            row[step * n : (step + 1) * n] = each.row
            rows.append(row)
            values.append(each.value)
            noises.append(each.variance)
    h, spread = np.array(rows), np.diag(noises)
    missed = np.array(values) - h @ centre
    total = h @ whole @ h.T + spread
    gain = whole @ h.T @ np.linalg.inv(total)
    last = slice((steps - 1) * n, None)
    assert found.means[-1] == pytest.approx((centre + gain @ missed)[last])
    assert found.covariances[-1] == pytest.approx((whole - gain @ h @ whole)[last, last])
    log_density = -0.5 * (
        len(missed) * np.log(2 * np.pi)
        + np.linalg.slogdet(total)[1]
        + missed @ np.linalg.solve(total, missed)
    )
    assert found.likelihood == pytest.approx(log_density)
