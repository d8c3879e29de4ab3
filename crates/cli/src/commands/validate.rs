//! `offpeak validate`: reads every home and says what is wrong, without planning.

use std::io::Write;

use anyhow::Result;

use crate::args::ValidateArguments;
use crate::exit::Exit;
use crate::input::Input;
use crate::progress;

pub(crate) fn run(arguments: &ValidateArguments, out: &mut dyn Write) -> Result<Exit> {
    let input = Input::open(&arguments.input)?;
    let bar = progress::bar(input.len(), "checking");
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for entry in input.homes(&arguments.window.window())? {
        bar.inc(1);
        match &entry.home {
            Ok(_) => valid += 1,
            Err(errors) => {
                invalid += 1;
                for error in errors {
                    bar.suspend(|| writeln!(out, "{}: {error}", entry.home_id))?;
                }
            }
        }
        for note in &entry.notes {
            bar.suspend(|| writeln!(out, "{}: note: {note}", entry.home_id))?;
        }
    }
    bar.finish_and_clear();
    writeln!(out, "{valid} homes are valid, {invalid} are not")?;
    Ok(if invalid > 0 { Exit::InPart } else { Exit::Done })
}
