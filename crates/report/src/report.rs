//! All that a page shows.

use serde::Serialize;

use crate::fleet::FleetView;
use crate::home::HomeView;
use crate::study::StudyView;

/// All that a page shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// What it is about, as its heading says.
    pub title: String,
    /// What was planned, when and how, below the heading.
    pub facts: Vec<Fact>,
    /// What the reader should know about the choice of what is shown.
    pub notes: Vec<String>,
    /// The homes together; none for a single home.
    pub fleet: Option<FleetView>,
    /// A replay; none for plans.
    pub study: Option<StudyView>,
    /// The homes that are shown one by one.
    pub homes: Vec<HomeView>,
}

/// A name and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The name.
    pub label: String,
    /// What it is, with its unit.
    pub value: String,
}

impl Fact {
    /// A fact of these words.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}
