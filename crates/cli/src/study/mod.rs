//! A study: what is replayed, as a file or the command line says it, and the tables of its results.

mod dates;
mod file;
mod hashes;
mod homes;
mod policies;
mod results;
mod rows;
mod settings;
mod variants;

pub(crate) use file::{STUDY_FILE, WrittenStudy, study_json};
pub(crate) use hashes::Inputs;
pub(crate) use homes::{Reader, StudyEntry};
pub(crate) use policies::POLICY_WORDS;
pub(crate) use results::{Line, Results};
pub(crate) use rows::{DAYS, HOURS, SUMMARY};
pub(crate) use settings::Settings;
