//! Measures two ways to do the same work, by turns, and computes their ratio.

/// A row of a table: a figure of both sides, and the goal for their ratio.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) goal: Goal,
    pub(crate) figures: Figures,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// A limit of the difference instead of the ratio.
    AtMostMore(f64),
    /// None; the figure is only reported.
    None,
}

impl Goal {
    pub(crate) fn is_met(self, figures: Figures) -> bool {
        match self {
            Self::AtMost(most) => figures.ratio.median <= most,
            Self::AtLeast(least) => figures.ratio.median >= least,
            Self::AtMostMore(most) => figures.ours - figures.theirs <= most,
            Self::None => true,
        }
    }
}

/// The medians of both sides, and the ratio of rgrpc's to the other side's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figures {
    pub(crate) ours: f64,
    pub(crate) theirs: f64,
    pub(crate) ratio: Spread,
}

/// A median and the quartiles around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) low: f64,
    pub(crate) median: f64,
    pub(crate) high: f64,
}

impl Spread {
    fn of(figures: impl Iterator<Item = f64>) -> Self {
        let mut figures: Vec<_> = figures.collect();
        figures.sort_by(f64::total_cmp);
        let last = figures.len() - 1;
        Self { low: figures[last / 4], median: figures[last / 2], high: figures[(last * 3).div_ceil(4)] }
    }
}

/// Measures `ours` and `theirs` by turns, each first in every other round, so that other load on the machine affects both. A measurement
/// returns `N` figures. The first round warms up and is not counted.
pub(crate) fn alternate<const N: usize>(
    rounds: usize,
    mut ours: impl FnMut() -> [f64; N],
    mut theirs: impl FnMut() -> [f64; N],
) -> [Figures; N] {
    let mut round = |number: usize| {
        if number.is_multiple_of(2) {
            return (ours(), theirs());
        }
        let theirs = theirs();
        (ours(), theirs)
    };
    round(0);
    let pairs: Vec<_> = (1..=rounds.max(1)).map(round).collect();
    std::array::from_fn(|n| Figures {
        ours: Spread::of(pairs.iter().map(|(ours, _)| ours[n])).median,
        theirs: Spread::of(pairs.iter().map(|(_, theirs)| theirs[n])).median,
        ratio: Spread::of(pairs.iter().map(|(ours, theirs)| ours[n] / theirs[n])),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_the_median_and_the_quartiles() {
        let spread = Spread::of([5.0, 1.0, 4.0, 2.0, 3.0].into_iter());
        assert_eq!(spread, Spread { low: 2.0, median: 3.0, high: 4.0 });
        let spread = Spread::of([3.0, 1.0, 2.0].into_iter());
        assert_eq!(spread, Spread { low: 1.0, median: 2.0, high: 3.0 });
    }

    #[test]
    fn the_ratio_is_of_ours_to_theirs_in_the_same_round() {
        let (mut ours, mut theirs) = ([0.0, 10.0, 20.0, 30.0].into_iter(), [0.0, 20.0, 40.0, 60.0].into_iter());
        let figures = alternate(3, || [ours.next().unwrap()], || [theirs.next().unwrap()]);
        let ratio = Spread { low: 0.5, median: 0.5, high: 0.5 };
        assert_eq!(figures, [Figures { ours: 20.0, theirs: 40.0, ratio }]);
    }
}
