//! Writes that are documented but not played: refused as the document allows, after the token was looked at.

use super::answer::{Answer, Failure};
use crate::oauth::grants::Bearer;

pub(crate) async fn write(who: Bearer) -> Answer {
    who.writer()?;
    Err(Failure::forbidden("The emulator does not play this operation"))
}
