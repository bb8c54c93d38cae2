//! Summaries of samples: the median, the spread, a rank.
//!
//! Owns these calculations. Must not know what the samples measure.

/// The median of the samples, and their spread around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Middle {
    pub(super) median: f64,
    /// The median of the distances from the median.
    pub(super) spread: f64,
}

/// Summarises samples; nothing if there are none.
pub(super) fn middle(samples: &[f64]) -> Option<Middle> {
    let median = rank(samples, 0.5)?;
    let distances: Vec<f64> = samples.iter().map(|sample| (sample - median).abs()).collect();
    Some(Middle { median, spread: rank(&distances, 0.5)? })
}

/// The value at a share of the sorted samples, interpolated between the two nearest; nothing if there are none.
pub(super) fn rank(samples: &[f64], share: f64) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    #[expect(clippy::cast_precision_loss, reason = "a run has a few hundred samples")]
    let place = share.clamp(0.0, 1.0) * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between 0 and the last index"
    )]
    let below = place as usize;
    let (low, high) = (sorted[below], sorted[last.min(below + 1)]);
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_not_moved_by_one_that_is_far_off() {
        assert_eq!(middle(&[3.0, 1.0, 2.0]), Some(Middle { median: 2.0, spread: 1.0 }));
        assert_eq!(middle(&[1.0, 2.0, 3.0, 900.0, 2.0]), Some(Middle { median: 2.0, spread: 1.0 }));
        assert_eq!(middle(&[5.0]), Some(Middle { median: 5.0, spread: 0.0 }));
        assert_eq!(middle(&[]), None);
    }

    #[test]
    fn ranks_lie_between_samples() {
        let samples = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(rank(&samples, 0.0), Some(1.0));
        assert_eq!(rank(&samples, 0.5), Some(2.5));
        assert_eq!(rank(&samples, 1.0), Some(4.0));
        assert_eq!(rank(&samples, 0.25), Some(1.75));
    }
}
