use std::fs;
use std::path::Path;

use offpeak_synth::{Mix, SynthOptions};

use crate::support::{csv_files, options};

#[test]
fn the_sample_fleet_is_what_its_readme_says_it_is_made_by() {
    let made = csv_files(&SynthOptions { seed: 38, ..options(20, "2026-01-15", Mix::Realistic) });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/sample-fleet");
    assert_eq!(fs::read_dir(&folder).expect("the sample fleet").count(), made.len());
    for (name, text) in made {
        let sample = fs::read_to_string(folder.join(&name)).expect("a table of the sample fleet");
        let differs = sample.lines().zip(text.lines()).find(|(sample, made)| sample != made);
        assert!(sample == text, "{name} is out of date: {differs:?}");
    }
}
