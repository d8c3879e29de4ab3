//! The auditor: silent on an honest schedule, and naming the culprit for every rule that is broken.

mod broken_rules;
mod grids;
mod malformed;
mod money;
mod named_culprit;
mod tolerated;
