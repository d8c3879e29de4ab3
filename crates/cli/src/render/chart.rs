//! A quantity over the day as one line of block characters.

const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Most characters of a line of blocks, so that label and range fit beside it in 100 columns.
pub(crate) const WIDTH: usize = 50;

/// A line with a label, blocks, and the range the blocks cover.
pub(crate) struct Track {
    pub(crate) label: String,
    pub(crate) values: Vec<f64>,
    pub(crate) unit: &'static str,
    /// Whether the blocks begin at 0 or at the lowest value.
    pub(crate) from_zero: bool,
}

impl Track {
    /// `label  ▁▂▃  0.0 .. 11.0 kW`
    pub(crate) fn render(&self, width: usize) -> String {
        let means = means(&self.values, width);
        let highest = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let lowest = means.iter().copied().fold(f64::INFINITY, f64::min);
        let floor = if self.from_zero { lowest.min(0.0) } else { lowest };
        let blocks: String = means.iter().map(|value| block(*value, floor, highest)).collect();
        format!(
            "{:<20.20} {blocks} {:6.1} ..{:6.1} {}",
            self.label,
            tenths(floor),
            tenths(highest),
            self.unit
        )
    }
}

/// The means of `width` equal pieces of `values` (fewer where there are fewer values).
pub(crate) fn means(values: &[f64], width: usize) -> Vec<f64> {
    let pieces = width.min(values.len()).max(1);
    let edge = |piece: usize| piece * values.len() / pieces;
    let mean = |piece: &[f64]| piece.iter().sum::<f64>() / piece.len().max(1) as f64;
    (0..pieces).map(|piece| mean(&values[edge(piece)..edge(piece + 1)])).collect()
}

fn block(value: f64, floor: f64, highest: f64) -> char {
    let span = highest - floor;
    if span <= 0.0 {
        return BLOCKS[usize::from(value > 0.0)];
    }
    // A small value is still something: it gets the lowest block, only the floor itself is blank.
    let eighths = ((value - floor) / span * 8.0).ceil().clamp(0.0, 8.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=8 above")]
    BLOCKS[eighths as usize]
}

/// The value rounded to one decimal, with no sign where nothing is left of it: never `-0.0`.
pub(crate) fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rounds_to_nothing_has_no_sign() {
        assert_eq!(format!("{:.1} {:.1}", tenths(-0.01), tenths(-0.06)), "0.0 -0.1");
    }

    #[test]
    fn a_ramp_rises_block_by_block() {
        let values = (0..9).map(f64::from).collect();
        let track = Track { label: "ramp".into(), values, unit: "kW", from_zero: true };
        assert_eq!(track.render(9), "ramp                  ▁▂▃▄▅▆▇█    0.0 ..   8.0 kW");
    }

    #[test]
    fn pieces_cover_every_value_once() {
        let values: Vec<f64> = (0..92).map(f64::from).collect();
        let means = means(&values, 46);
        assert_eq!(means.len(), 46);
        assert!((means[0] - 0.5).abs() < 1e-12 && (means[45] - 90.5).abs() < 1e-12);
    }
}
