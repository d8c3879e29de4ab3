//! Damage to files, as a bad disk, a broken transfer or a slip of the hand leaves them.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A change to a file.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Cut(Index),
}

/// One to three changes.
pub(crate) fn damages() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec(damage(), 1..4)
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), 1..=u8::MAX).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (any::<Index>(), prop::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, new)| Damage::Insert(at, new)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        any::<Index>().prop_map(Damage::Cut),
    ]
}

/// Makes the changes one after another.
pub(crate) fn apply(bytes: &mut Vec<u8>, damages: &[Damage]) {
    for damage in damages.iter().filter(|_| !bytes.is_empty()).cloned().collect::<Vec<_>>() {
        if bytes.is_empty() {
            return;
        }
        let length = bytes.len();
        match damage {
            Damage::Flip(at, bits) => bytes[at.index(length)] ^= bits,
            Damage::Insert(at, new) => {
                let at = at.index(length);
                bytes.splice(at..at, new);
            }
            Damage::Remove(at, count) => {
                let at = at.index(length);
                bytes.drain(at..length.min(at + count));
            }
            Damage::Cut(at) => bytes.truncate(at.index(length)),
        }
    }
}

/// What may stand in a cell: any text, and numbers at the ends of what a number can be.
pub(crate) fn any_cell() -> impl Strategy<Value = String> {
    let ends =
        ["", "0", "-0", "1e308", "-1e308", "1e-320", "NaN", "-inf", "9223372036854775808", "24:00", "Q1"];
    let stamps = ["0000-01-01T00:00Z", "2200-12-31T23:59Z", "9999-12-31T23:59:59Z", "2026-03-29T02:30"];
    prop_oneof![
        "\\PC{0,12}",
        select([&ends[..], &stamps[..]].concat()).prop_map(str::to_owned),
        any::<f64>().prop_map(|number| number.to_string()),
    ]
}

/// A table of plain cells with another text in a cell below the header, in quotes.
pub(crate) fn with_cell(csv: &str, [row, column]: [Index; 2], text: &str) -> String {
    let mut lines: Vec<String> = csv.lines().map(str::to_owned).collect();
    let row = 1 + row.index(lines.len() - 1);
    let mut cells: Vec<String> = lines[row].split(',').map(str::to_owned).collect();
    let column = column.index(cells.len());
    cells[column] = format!("\"{}\"", text.replace('"', "\"\""));
    lines[row] = cells.join(",");
    lines.join("\n") + "\n"
}
